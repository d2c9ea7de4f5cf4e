#!/usr/bin/env bash
# Finds a PowerShell, or restores the one that .config/dotnet-tools.json pins, and runs build.ps1 with the same arguments.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 POWERSHELL_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[ -t 1 ] || export NO_COLOR=1

if ! command -v dotnet >/dev/null; then
    echo 'build.sh: dotnet is not on PATH. Install the .NET 10 SDK (https://dot.net), then run this command again.' >&2
    exit 1
fi

if pwsh -NoProfile -NonInteractive -Command 'exit [int]($PSVersionTable.PSVersion -lt [version]"7.4")' >/dev/null 2>&1; then
    pwsh=(pwsh)
elif problem=$(dotnet tool restore 2>&1); then
    pwsh=(dotnet pwsh)
else
    cat >&2 <<END
build.sh: PowerShell 7.4 or later is not on PATH, and it could not be restored as a .NET tool:
$problem
Check that this machine reaches a NuGet registry, or install PowerShell (https://aka.ms/install-powershell), then run this command again.
END
    exit 1
fi

exec "${pwsh[@]}" -NoProfile -NonInteractive -File ./build.ps1 "$@"
