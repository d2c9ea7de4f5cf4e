<#
.SYNOPSIS
    Creates images with this module, in its own process. Writes one line of JSON.
#>
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [int] $Count,
    [Parameter(Mandatory)] [string] $Folder,
    # Records the batch in a journal.
    [string] $Journal,
    # Creates ten images first, so that the code that a batch loads is part of the idle memory.
    [switch] $Warm
)

$ProgressPreference = 'SilentlyContinue'
Import-Module $Module
if ($Warm) { 1..10 | ForEach-Object { "warm $_" } | New-BananaImage | Wait-BananaJob | Save-BananaImage -Path $Folder | Out-Null }
$options = if ($Journal) { @{ Journal = $Journal } } else { @{} }
$process = [System.Diagnostics.Process]::GetCurrentProcess()
$idle = $process.PeakWorkingSet64
$idleCpu = $process.TotalProcessorTime
$late = [System.Collections.Generic.List[double]]::new()
$slowest = 0
$delivered = 0
$watch = [System.Diagnostics.Stopwatch]::StartNew()
# The files are counted and not kept, so that the memory is that of the module.
1..$Count | ForEach-Object { "prompt $_" } | New-BananaImage -Resolution 512px @options | Wait-BananaJob | ForEach-Object {
    $late.Add(([DateTimeOffset]::UtcNow - $_.CompletedAt).TotalMilliseconds)
    $slowest = [Math]::Max($slowest, ($_.CompletedAt - $_.CreatedAt).TotalSeconds)
    $_
} | Save-BananaImage -Path $Folder | ForEach-Object { $delivered++ }
$wall = $watch.Elapsed.TotalSeconds

$process.Refresh()
[pscustomobject]@{
    wallSec = $wall; slowestSec = $slowest; delivered = $delivered; lateMs = $late
    cpuSec = $process.TotalProcessorTime.TotalSeconds; overIdleCpuSec = ($process.TotalProcessorTime - $idleCpu).TotalSeconds; peakMB = $process.PeakWorkingSet64 / 1MB; overIdleMB = ($process.PeakWorkingSet64 - $idle) / 1MB
} | ConvertTo-Json -Compress
