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

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration

# A file that does not load or a block that does not start has no failed test; it failed all the same.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
[pscustomobject]@{ Passed = $result.PassedCount; Failed = $failed } | ConvertTo-Json | Set-Content $Report
