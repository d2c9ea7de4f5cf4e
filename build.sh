#!/usr/bin/env bash
# The words of build.ps1 for a shell. With PowerShell it calls build.ps1; without, it does what needs no engine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

task=${1:-Build}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NO_COLOR=1
results=out/test-results

find_pwsh() {
    command -v pwsh && return
    [ -x out/tools/pwsh ] || timeout 300 dotnet tool install PowerShell --tool-path out/tools >/dev/null 2>&1 || return
    echo out/tools/pwsh
}

build() { dotnet build Apiframe.PowerShell.sln -c Release --nologo -v quiet; }

without_powershell() {
    cat <<EOF

NOT RUN: $1
         PowerShell is not on PATH, and the package source of this machine does not offer it as a .NET tool.
         To get it: dotnet tool install --global PowerShell, or https://aka.ms/install-powershell;
         then run this command again.

EOF
}

case $task in
    Build|Test|Demo|Soak|Bench|Package|Clean) ;;
    *) echo "build.sh: '$task' is no task. Use Build, Test, Demo, Soak, Bench, Package or Clean." >&2; exit 2 ;;
esac

if pwsh=$(find_pwsh); then
    exec "$pwsh" -NoProfile -NonInteractive -File ./build.ps1 "$task" "${@:2}"
fi

case $task in
    Build)
        build
        ;;
    Test)
        build
        rm -rf "$results"
        log=$(mktemp)
        status=0
        dotnet test Apiframe.PowerShell.sln -c Release --no-build --nologo --blame-hang-timeout 3min --results-directory "$results" \
            --collect 'XPlat Code Coverage' --settings tests/coverlet.runsettings | tee "$log" || status=$?
        # A rate such as 0.975, out of: <package name="Apiframe.Client" line-rate="0.975"
        { grep -rhoE '<package name="Apiframe.Client" line-rate="[0-9.]+"' "$results" || true; } | sort -t'"' -k4 -rn | head -1 | awk -F'"' '
            { printf "\nCoverage of Apiframe.Client: %.1f %% of lines\n", 100 * $4; if ($4 < 0.9) { print "That is below 90 %."; exit 1 } }' || status=1
        without_powershell 'ring 2, the Pester tests of the module in a real PowerShell.'
        # dotnet test closes each project with: Passed! - Failed: 0, Passed: 12, Skipped: 0, ...
        awk -F'[:,]' '/^(Passed|Failed)! / { failed += $2; passed += $4 } END { print passed + 0 " passed, " failed + 0 " failed" }' "$log"
        exit $status
        ;;
    Demo)
        build
        dotnet run --project samples/BatchToFiles -c Release --no-build -- out/demo
        without_powershell 'the same with the cmdlets: New-BananaImage | Wait-BananaJob | Save-BananaImage.'
        ;;
    Soak)
        build
        without_powershell 'the soak.'
        ;;
    Bench)
        build
        dotnet tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll micro
        without_powershell 'the comparison with other ways to make images.'
        ;;
    Package)
        build
        without_powershell 'Package; the module is staged in out/Apiframe.NanoBanana all the same.'
        ;;
    Clean)
        rm -rf out
        find src tests samples tools -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
        ;;
esac
