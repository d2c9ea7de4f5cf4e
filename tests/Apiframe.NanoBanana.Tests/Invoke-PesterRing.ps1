<#
.SYNOPSIS
    Runs the Pester tests of the staged module and writes how many passed and failed to a file. Called by build.ps1 in a fresh PowerShell.
#>
param(
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $Report,
    # A single file or folder, to work on one thing.
    [string] $Path = $PSScriptRoot
)

$ErrorActionPreference = 'Stop'
Import-Module $Pester

# Nothing of the developer's own may reach the tests, and no test may reach the service.
$env:APIFRAME_API_KEY = $null
$env:APIFRAME_BASE_URL = 'http://127.0.0.1:9'

# What the module says in any test is kept and looked through for the keys of the emulators: every stream, and every error with all it carries.
$streams = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid())
New-Item -ItemType Directory $streams | Out-Null
# Debug alone makes PowerShell ask whether to go on: after each warning, and before 7.5 at each ShouldProcess.
$global:PSDefaultParameterValues = @{ '*-Banana*:Verbose' = $true; '*-Banana*:Debug' = $true; '*-Banana*:WarningAction' = 'Continue'; '*-Banana*:Confirm' = $false }
$global:MaximumErrorCount = 32768

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
Start-Transcript "$streams/transcript" | Out-Null
$result = Invoke-Pester -Configuration $configuration 3> "$streams/warning" 4> "$streams/verbose" 5> "$streams/debug"
Stop-Transcript | Out-Null
$global:Error | ForEach-Object { $_ | Format-List * -Force | Out-String -Width 500; "$($_.Exception)" } | Set-Content "$streams/error"
$leaks = @(Select-String "$streams/*" -Pattern 'afk_emulator_[0-9a-f]{8}')
$leaks | ForEach-Object { Write-Host "[-] A key is in the $($_.Filename) stream: $($_.Line)" }
Write-Host "Looked for keys in $((Get-Content "$streams/*").Count) lines of output and $($global:Error.Count) errors: $($leaks.Count) found"
Remove-Item $streams -Recurse

# A file that does not load or a block that does not start has no failed test; it failed all the same.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount + $leaks.Count
[pscustomobject]@{ Passed = $result.PassedCount; Failed = $failed } | ConvertTo-Json | Set-Content $Report
