<#
.SYNOPSIS
    Runs files of Pester tests against the module, and reports the outcome of each as JSON: how many passed, which failed, which were skipped and why.
.DESCRIPTION
    build.ps1 calls it in a fresh PowerShell. Everything that the module writes to any stream, and every error with all its properties, is searched
    for the keys of the emulators; each line with a key counts as a failed test.

    Windows PowerShell skips the tests that have a tag such as 'PowerShell 7: ForEach-Object -Parallel', which says what they need.
.EXAMPLE
    ./Invoke-PesterFile.ps1 ./Save.Tests.ps1 -Pester ../../out/modules/Pester/6.2.0/Pester.psd1 -Results .
    Writes ./Save.Tests.json.
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    # The files. They share the process, so that PowerShell, Pester, and the module are compiled once for all of them.
    [Parameter(Mandatory, ValueFromRemainingArguments)] [string[]] $Path,
    # The manifest of the Pester to use.
    [Parameter(Mandatory)] [string] $Pester,
    # The folder for the reports.
    [Parameter(Mandatory)] [string] $Results,
    # The folder of the module to test, with a folder for its version in it; without it, the staged module.
    [string] $Module
)

$ErrorActionPreference = 'Stop'
Import-Module (Resolve-Path $Pester)
# Debug alone makes PowerShell ask whether to go on: after each warning, and before 7.5 at each ShouldProcess.
$global:PSDefaultParameterValues = @{ '*-Banana*:Verbose' = $true; '*-Banana*:Debug' = $true; '*-Banana*:WarningAction' = 'Continue'; '*-Banana*:Confirm' = $false }
$global:MaximumErrorCount = 32768

foreach ($file in $Path) {
    $env:APIFRAME_TESTED_MODULE = $Module
    # No setting of the developer, and none of another file, may reach the tests, and no test may reach the service.
    $env:APIFRAME_API_KEY = $null
    $env:APIFRAME_BASE_URL = 'http://127.0.0.1:9'
    $global:Error.Clear()

    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $file
    $configuration.Run.PassThru = $true
    if ($PSVersionTable.PSEdition -eq 'Desktop') { $configuration.Filter.ExcludeTag = 'PowerShell 7: *' }
    $configuration.Output.Verbosity = 'Normal'
    $configuration.Output.RenderMode = 'Plaintext'

    $streams = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid())
    New-Item -ItemType Directory $streams | Out-Null
    Start-Transcript "$streams/transcript" | Out-Null
    $result = Invoke-Pester -Configuration $configuration 3> "$streams/warning" 4> "$streams/verbose" 5> "$streams/debug"
    Stop-Transcript | Out-Null
    $global:Error | ForEach-Object { $_ | Format-List * -Force | Out-String -Width 500; "$($_.Exception)" } | Set-Content "$streams/error" -Encoding UTF8
    $leaks = @(Select-String "$streams/*" -Pattern 'afk_emulator_[0-9a-f]{8}' | ForEach-Object { "A key is in the $($_.Filename) stream: $($_.Line)" })
    $leaks | Write-Host
    Remove-Item $streams -Recurse

    # A file that does not load or a block that does not start has no failed test, but it failed.
    $failed = @(
        $result.Failed | ForEach-Object { "$($_.ExpandedPath): $(@($_.ErrorRecord)[0])" }
        $result.FailedBlocks | ForEach-Object { "$($_.ExpandedPath): $(@($_.ErrorRecord)[0])" }
        $result.FailedContainers | ForEach-Object { "${_}: $(@($_.ErrorRecord)[0])" }
        $leaks
    )
    $skipped = @(
        $result.Skipped | ForEach-Object { "$($_.ExpandedPath): $(@($_.ErrorRecord)[0])" }
        foreach ($test in $result.NotRun) {
            $tags = @($test.Tag) + @(for ($block = $test.Block; $block; $block = $block.Parent) { $block.Tag })
            "$($test.ExpandedPath): it needs $($tags -like 'PowerShell 7: *')"
        }
    )
    @{ Passed = $result.PassedCount; Failed = $failed; Skipped = $skipped } | ConvertTo-Json |
        Set-Content (Join-Path $Results "$([System.IO.Path]::GetFileNameWithoutExtension($file)).json") -Encoding UTF8
}
