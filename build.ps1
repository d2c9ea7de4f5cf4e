<#
.SYNOPSIS
    Builds, tests, shows, packs and cleans Apiframe.NanoBanana.
.DESCRIPTION
    Build    compiles everything and stages the module in out/Apiframe.NanoBanana/<version>
    Test     ring 1: the core and the emulator (xunit); ring 2: the staged module in a fresh PowerShell (Pester)
    Demo     the main job on the emulator: prompts in, image files out, in out/demo
    Soak     many images from an emulator that does everything wrong that it can: one file and one bill for each prompt
    Bench    this module beside the usual ways, on the emulator; docs/performance.md says what the figures mean
    Package  the staged module as out/Apiframe.NanoBanana.<version>.zip
    Clean    removes out, bin and obj
.EXAMPLE
    ./build.ps1 Test
#>
[CmdletBinding()]
[System.Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'The functions use them.')]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Soak', 'Bench', 'Package', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # For Soak.
    [int] $Prompts = 5000,
    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

$Root = $PSScriptRoot
$Out = Join-Path $Root 'out'
$Results = Join-Path $Out 'test-results'
$Solution = Join-Path $Root 'Apiframe.PowerShell.sln'
$Version = (Import-PowerShellDataFile (Join-Path $Root 'Apiframe.NanoBanana.psd1')).ModuleVersion
$Module = Join-Path $Out 'Apiframe.NanoBanana'
$PowerShell = (Get-Process -Id $PID).Path

function Invoke-Native {
    param([string] $Command, [string[]] $Arguments)
    & $Command @Arguments | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "$Command $($Arguments[0]) ended with exit code $LASTEXITCODE."
    }
}

function Invoke-Build {
    Invoke-Native dotnet @('build', $Solution, '-c', $Configuration, '--nologo', '-v', 'quiet')
    Write-Host "The module is in $Module"
}

function Invoke-Test {
    Invoke-Build
    if (Test-Path $Results) { Remove-Item $Results -Recurse -Force }
    $rings = @(Invoke-XunitRing; Invoke-PesterRing)

    Write-Coverage
    Write-Host ''
    $failed = ($rings | Measure-Object Failed -Sum).Sum
    Write-Host "$(($rings | Measure-Object Passed -Sum).Sum) passed, $failed failed"
    if ($failed -gt 0) { exit 1 }
}

function Invoke-XunitRing {
    Write-Host "`nRing 1: the core and the emulator, without PowerShell"
    dotnet test $Solution -c $Configuration --no-build --nologo --logger trx --blame-hang-timeout 3min --results-directory $Results `
        --collect 'XPlat Code Coverage' --settings (Join-Path $Root 'tests/coverlet.runsettings') | Out-Host
    $exitCode = $LASTEXITCODE
    $counters = Get-ChildItem $Results -Filter *.trx | ForEach-Object { ([xml](Get-Content -LiteralPath $_ -Raw)).TestRun.ResultSummary.Counters }
    $ring = [pscustomobject]@{
        Passed = ($counters | Measure-Object { [int]$_.passed } -Sum).Sum
        Failed = ($counters | Measure-Object { [int]$_.total - [int]$_.passed - [int]$_.notExecuted } -Sum).Sum
    }
    if ($exitCode -ne 0 -and $ring.Failed -eq 0) { throw "dotnet test ended with exit code $exitCode and no failed test: it did not run." }
    $ring
}

function Invoke-PesterRing {
    Write-Host "`nRing 2: the staged module in a fresh PowerShell $($PSVersionTable.PSVersion)"
    $pester = Get-Module Pester -ListAvailable | Where-Object { $_.Version.Major -eq 5 } | Select-Object -First 1
    if (-not $pester) {
        throw 'Ring 2 cannot run: Pester 5 is not installed. Install-Module Pester -MaximumVersion 5.99.99 -Scope CurrentUser gets it.'
    }

    $report = Join-Path $Results 'pester.json'
    $script = Join-Path $Root 'tests/Apiframe.NanoBanana.Tests/Invoke-PesterRing.ps1'
    # Not the exit code but the report counts: a run that never got to the end has none.
    & $PowerShell -NoProfile -NonInteractive -File $script -Pester $pester.Path -Report $report | Out-Host
    if (-not (Test-Path $report)) { throw "Ring 2 ended with exit code $LASTEXITCODE before it could report." }
    Get-Content $report -Raw | ConvertFrom-Json
}

function Write-Coverage {
    # Tests that load the client without using it report it too, as not covered.
    $share = Get-ChildItem $Results -Recurse -Filter coverage.cobertura.xml |
        ForEach-Object { ([xml](Get-Content -LiteralPath $_ -Raw)).SelectNodes('//package[@name="Apiframe.Client"]') } |
        ForEach-Object { [double]::Parse($_.'line-rate', [cultureinfo]::InvariantCulture) } |
        Sort-Object -Descending | Select-Object -First 1
    Write-Host ("`nCoverage of Apiframe.Client: {0:P1} of lines" -f $share)
    if ($share -lt 0.9) { throw 'That is below 90 %.' }
}

function Invoke-Demo {
    Invoke-Build
    Invoke-Native $PowerShell @('-NoProfile', '-NonInteractive', '-File', (Join-Path $Root 'samples/Demo.ps1'), '-Module', $Module, '-Path', (Join-Path $Out 'demo'))
}

function Invoke-Soak {
    Invoke-Build
    Invoke-Native $PowerShell @('-NoProfile', '-NonInteractive', '-File', (Join-Path $Root 'tests/Soak/Soak.ps1'), '-Module', $Module, '-Prompts', $Prompts, '-Seed', $Seed)
}

function Invoke-Bench {
    Invoke-Build
    Invoke-Native $PowerShell @('-NoProfile', '-NonInteractive', '-File', (Join-Path $Root 'tests/Benchmarks/Compare.ps1'), '-Module', $Module,
        '-Benchmarks', (Join-Path $Root "tests/Benchmarks/bin/$Configuration/net10.0/Benchmarks.dll"))
}

function Invoke-Package {
    Invoke-Build
    Test-ModuleManifest (Join-Path $Module "$Version/Apiframe.NanoBanana.psd1") | Out-Null
    $zip = Join-Path $Out "Apiframe.NanoBanana.$Version.zip"
    Remove-Item $zip -ErrorAction Ignore
    # The archive holds Apiframe.NanoBanana/<version>/..., as a folder of PSModulePath does.
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    [System.IO.Compression.ZipFile]::CreateFromDirectory($Module, $zip, 'Optimal', $true)
    Write-Host "The package is $zip. Publish-PSResource -Path '$Module/$Version' puts the same folder on the Gallery."
}

function Invoke-Clean {
    $folders = @($Out) + (Get-ChildItem $Root -Recurse -Directory -Include bin, obj | Where-Object { Test-Path (Join-Path $_.Parent '*.csproj') } | ForEach-Object FullName)
    $folders | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
}

& "Invoke-$Task"
