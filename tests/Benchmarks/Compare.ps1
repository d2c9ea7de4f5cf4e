<#
.SYNOPSIS
    Compares this module with other ways to create images, in one run, on the emulator. docs/performance.md explains the results.
.DESCRIPTION
    The emulator runs in this process. Each contestant runs in its own process and reports its measurements. Parts:
    Fleet    1, 10, 100 and 1,000 prompts: this module, the example of the model page in C#, and a ForEach-Object -Parallel script
    Limit    100 and 1,000 prompts under 500 requests a minute
    Journal  1,000 prompts with and without a journal, and reading a journal of 100,000 images
    Single   20 single jobs, each kind of progress
    Scale    100, 1,000, and 20,000 prompts: processor time and memory. 20,000 also with at most 1,000 concurrent jobs, and 100 also with the vendor's client for
             Node.js
    Images   100 images of 25 MB: memory
    Import   Import-Module, ten times
    Micro    parsing and the schedule (BenchmarkDotNet)
#>
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Benchmarks,
    # The main file of the vendor's client for Node.js. Without it, the client is not compared.
    [string] $NodeClient,
    [ValidateSet('Fleet', 'Limit', 'Journal', 'Single', 'Scale', 'Images', 'Import', 'Micro')]
    [string[]] $Part = @('Fleet', 'Limit', 'Journal', 'Single', 'Scale', 'Images', 'Import', 'Micro')
)

$ErrorActionPreference = 'Stop'
$childPowerShell = Join-Path $PSScriptRoot '../../tools/ChildPowerShell.psm1'
Import-Module $Module, $childPowerShell
$Work = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid())

function Get-Percentile([double[]] $Values, [double] $Share) {
    if (-not $Values) { return $null }
    $sorted = $Values | Sort-Object
    @($sorted)[[Math]::Min(@($sorted).Count - 1, [Math]::Floor(@($sorted).Count * $Share))]
}

function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    $middle = [int][Math]::Floor($sorted.Count / 2)
    $sorted.Count % 2 ? $sorted[$middle] : ($sorted[$middle - 1] + $sorted[$middle]) / 2
}

function Invoke-Contestant([string] $Name, [int] $Count, [hashtable] $Emulator, [switch] $Warm) {
    $service = Start-BananaEmulator -SetEnvironment @Emulator
    $folder = Join-Path $Work ([guid]::NewGuid())
    try {
        $ceiling = if ($Name -eq 'ceiling') { dotnet $Benchmarks ceiling $env:APIFRAME_BASE_URL $env:APIFRAME_API_KEY; return }
        $line = switch ($Name) {
            'this module' { Invoke-PowerShell -File "$PSScriptRoot/Contestants/Module.ps1" -Module $Module -Count $Count -Folder $folder @($Warm ? '-Warm' : @()) }
            'with a journal' { Invoke-PowerShell -File "$PSScriptRoot/Contestants/Module.ps1" -Module $Module -Count $Count -Folder $folder -Journal "$folder.jsonl" }
            'ForEach -Parallel' { Invoke-PowerShell -File "$PSScriptRoot/Contestants/Parallel.ps1" -Count $Count -Folder $folder }
            'Node.js client' { node "$PSScriptRoot/Contestants/NodeClient.mjs" $NodeClient $env:APIFRAME_BASE_URL $env:APIFRAME_API_KEY $Count $folder }
            'model page loop' { dotnet $Benchmarks model-page $env:APIFRAME_BASE_URL $env:APIFRAME_API_KEY $Count $folder }
        }
        $report = $line | Select-Object -Last 1 | ConvertFrom-Json
        $counts = $service.Counts
        [pscustomobject][ordered]@{
            Program        = $Name
            Prompts        = $Count
            Files          = @(Get-ChildItem $folder -File).Count
            Billed         = $counts.ImagesBilled
            WallSec        = [Math]::Round($report.wallSec, 2)
            OverSlowest    = [Math]::Round($report.wallSec / $report.slowestSec, 2)
            RequestsPerJob = [Math]::Round(($counts.StatusRequests + $counts.ListRequests) / $Count, 2)
            LateMedian     = [Math]::Round((Get-Percentile $report.lateMs 0.5))
            Late95         = [Math]::Round((Get-Percentile $report.lateMs 0.95))
            Refusals       = $counts.Refusals
            CpuSec         = [Math]::Round($report.cpuSec, 1)
            PeakMB         = [Math]::Round($report.peakMB)
            OverIdleCpuSec = if ($null -ne $report.overIdleCpuSec) { [Math]::Round($report.overIdleCpuSec, 1) }
            OverIdleMB     = if ($null -ne $report.overIdleMB) { [Math]::Round($report.overIdleMB) }
        }
    }
    finally {
        $service | Stop-BananaEmulator
        if (Test-Path $folder) { Remove-Item $folder -Recurse -Force }
    }
}

# Runs pairs of batches, one without and one with a journal, directly after each other, because the speed of a computer changes slowly. The order changes with
# each pair, so that neither always runs first. The median of the ratios is not affected by a few pairs in which the computer was busy.
function Compare-Journal([int] $Pairs, [hashtable] $Emulator) {
    $ways = 'this module', 'with a journal'
    $ratios = [System.Collections.Generic.List[double]]::new()
    $runs = foreach ($pair in 1..$Pairs) {
        $two = @{}
        $order = $pair % 2 ? $ways : @($ways[1], $ways[0])
        foreach ($way in $order) { ($two[$way] = Invoke-Contestant $way 1000 $Emulator) }
        $ratios.Add($two[$ways[1]].WallSec / $two[$ways[0]].WallSec)
    }
    $rows = foreach ($way in $ways) {
        $ofWay = $runs | Where-Object Program -EQ $way
        [pscustomobject][ordered]@{
            Program        = $way
            Runs           = $Pairs
            Files          = [int]($ofWay.Files | Measure-Object -Minimum).Minimum
            BestSec        = ($ofWay.WallSec | Measure-Object -Minimum).Minimum
            MedianSec      = Get-Median $ofWay.WallSec
            LongestSec     = ($ofWay.WallSec | Measure-Object -Maximum).Maximum
            RequestsPerJob = Get-Median $ofWay.RequestsPerJob
            Refusals       = [int](Get-Median $ofWay.Refusals)
            CpuSec         = Get-Median $ofWay.CpuSec
            PeakMB         = Get-Median $ofWay.PeakMB
        }
    }
    $rows | Format-Table * -AutoSize | Out-String -Width 200
    $spread = $ratios | Measure-Object -Minimum -Maximum
    $best = foreach ($way in $ways) { ($runs | Where-Object Program -EQ $way | Measure-Object WallSec -Minimum).Minimum }
    'Time with a journal, relative to the time without: median of the pairs {0:0.000} ({1:0.000} to {2:0.000}), best runs {3:0.000}' -f
        (Get-Median $ratios), $spread.Minimum, $spread.Maximum, ($best[1] / $best[0])
}

$ways = 'this module', 'model page loop', 'ForEach -Parallel'
switch ($Part) {
    'Fleet' {
        "`nThe emulator's ceiling: $(Invoke-Contestant ceiling 0 @{ GenerationTimeSec = 0 }) requests a second"
        "`nJobs of 12 s (1,000: of 3 s), 25 % more or less; late is from a job's end to the pipeline, in ms"
        & {
            foreach ($count in 1, 10, 100) { foreach ($way in $ways) { Invoke-Contestant $way $count @{ GenerationTimeSec = 12; Seed = $count } } }
            foreach ($way in $ways) { Invoke-Contestant $way 1000 @{ GenerationTimeSec = 3; Seed = 7 } }
        } | Format-Table * -AutoSize | Out-String -Width 200
    }
    'Limit' {
        'Under 500 requests a minute'
        & {
            foreach ($way in $ways) { Invoke-Contestant $way 100 @{ GenerationTimeSec = 12; Seed = 100; RequestsPerMinute = 500 } }
            foreach ($way in $ways) { Invoke-Contestant $way 1000 @{ GenerationTimeSec = 3; Seed = 7; RequestsPerMinute = 500 } }
        } | Format-Table * -AutoSize | Out-String -Width 200
    }
    'Journal' {
        "`nJobs of 12 s, 25 % more or less, in pairs"
        'this module', 'with a journal' | ForEach-Object { Invoke-Contestant $_ 1000 @{ GenerationTimeSec = 3; Seed = 7 } } | Out-Null   # Warm up.
        Compare-Journal 7 @{ GenerationTimeSec = 12; Seed = 7 }
        "`nJobs of 3 s"
        Compare-Journal 25 @{ GenerationTimeSec = 3; Seed = 7 }
        "`nJobs of 3 s under 500 requests a minute"
        Compare-Journal 3 @{ GenerationTimeSec = 3; Seed = 7; RequestsPerMinute = 500 }
        $journal = New-Item (Join-Path $Work journal.jsonl) -Force
        dotnet $Benchmarks write-journal $journal 100000
        "`nA journal of 100,000 images is read, three times"
        1..3 | ForEach-Object { dotnet $Benchmarks read-journal $journal | ConvertFrom-Json } |
            Format-Table images, @{ n = 'FileMB'; e = { $_.fileMB }; f = '0' }, @{ n = 'WallSec'; e = { $_.wallSec }; f = '0.00' },
                @{ n = 'PeakMB'; e = { $_.peakMB }; f = '0' } -AutoSize | Out-String
    }
    'Single' {
        'Twenty single jobs of 12 s, 25 % more or less, one after the other in one session'
        # Each kind uses its own process, so that none uses the durations that another has learned. The processes run at the same time, because they mostly
        # wait.
        'Fine', 'Coarse', 'Stuck', 'Zero' | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:childPowerShell
            Invoke-PowerShell -File "$using:PSScriptRoot/Contestants/Single.ps1" -Module $using:Module -Progress $_
        }
    }
    'Scale' {
        "`nProcessor time and memory above those of a process that has loaded the client"
        & {
            foreach ($way in @('this module') + @(if ($NodeClient) { 'Node.js client' })) {
                3, 12 | ForEach-Object { Invoke-Contestant $way 100 @{ GenerationTimeSec = $_; Seed = 7 } | Add-Member JobSec $_ -PassThru }
            }
            1000, 20000 | ForEach-Object { Invoke-Contestant 'this module' $_ @{ GenerationTimeSec = 3; Seed = 7 } | Add-Member JobSec 3 -PassThru }
            Invoke-Contestant 'this module' 20000 @{ GenerationTimeSec = 3; Seed = 7; ConcurrentJobs = 1000 } | Add-Member @{ JobSec = 3; ConcurrentJobs = 1000 } -PassThru
        } | Format-Table Program, Prompts, JobSec, ConcurrentJobs, Files, Billed, WallSec, OverIdleCpuSec, @{ n = 'CpuMsPerPrompt'; e = { 1000 * $_.OverIdleCpuSec / $_.Prompts }; f = '0.0' }, OverIdleMB -AutoSize | Out-String -Width 200
    }
    'Images' {
        "`n100 images, small and of 25 MB, after ten to warm up"
        0, 25000000 | ForEach-Object { Invoke-Contestant 'this module' 100 @{ GenerationTimeSec = 3; ImageBytes = $_ } -Warm } | Format-Table * -AutoSize | Out-String -Width 200
    }
    'Import' {
        $times = 1..10 | ForEach-Object {
            Invoke-PowerShell -Command "`$w = [Diagnostics.Stopwatch]::StartNew(); Import-Module '$Module'; `$w.Elapsed.TotalMilliseconds"
        }
        "Import-Module, ten times in a running PowerShell: median {0:0} ms" -f (Get-Percentile $times 0.5)
    }
    'Micro' {
        dotnet $Benchmarks micro | Where-Object { $_ -match '^\||^BenchmarkDotNet' }
    }
}

if (Test-Path $Work) { Remove-Item $Work -Recurse -Force }
