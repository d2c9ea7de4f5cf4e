<#
.SYNOPSIS
    Creates many images on an emulator with all faults, and checks that each prompt has one file and one bill, that no other file is left, and that
    Test-BananaJournal confirms it.
.DESCRIPTION
    The batch runs in a fresh PowerShell, like a scheduled task, and is run again with the same journal until every prompt has its file. The service
    deletes an idempotency key after a few seconds, so an image without a response is searched among the jobs of the account. The same seed gives the same
    faults, if the order of requests is the same.
#>
param(
    [Parameter(Mandatory)] [string] $Module,
    [ValidateRange(1, 100000)] [int] $Prompts = 200,
    [int] $Seed = 1,
    # The rate of each of the 48 faults.
    [double] $FaultRate = 0.01,
    # The service bills a retry again if it comes later than this, because the module relies on the 24 hours of the real service.
    [double] $KeyLifetimeSec = 2,
    [int] $MaximumRuns = 10
)

$ErrorActionPreference = 'Stop'
Import-Module $Module, (Join-Path $PSScriptRoot '../../tools/ChildPowerShell.psm1')
$work = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid())
$folder = Join-Path $work 'images'
New-Item -ItemType Directory $folder | Out-Null
$journal = Join-Path $work 'soak.jsonl'
$batch = Join-Path $work 'batch.ps1'
Set-Content $batch @"
Import-Module '$Module'
1..$Prompts | ForEach-Object { [pscustomobject]@{ Prompt = "soak `$_"; OutputFormat = ('jpg', 'png', 'webp')[`$_ % 3]; Resolution = '512px' } } |
    New-BananaImage -Journal '$journal' -ErrorVariable +failed -Verbose |
    Wait-BananaJob -Timeout 300 -ErrorVariable +failed -Verbose |
    Save-BananaImage '$folder' -SkipExisting -ErrorVariable +failed -Verbose |
    Out-Null
`$failed | ForEach-Object { "failed: `$((`$_.FullyQualifiedErrorId -split ',')[0])"; `$_ | Format-List * -Force | Out-String }
exit [int](`$failed.Count -gt 0)
"@

$line = 'Start-BananaEmulator -Fault '
$faults = @{}
(TabExpansion2 $line -cursorColumn $line.Length).CompletionMatches.ListItemText | ForEach-Object { $faults[$_] = $FaultRate }
$emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 1 -Seed $Seed -FaultDurationSec 0.5 -Fault $faults -IdempotencyKeyLifetimeSec $KeyLifetimeSec
try {
    $started = Get-Date
    for ($run = 1; $run -le $MaximumRuns; $run++) {
        Invoke-PowerShell -File $batch *> "$work/run$run.log"
        $done = $LASTEXITCODE -eq 0 -or @(Get-ChildItem $folder -File).Count -eq $Prompts
        if ($done) { break }
    }

    $images = @(Get-BananaJournal $journal)
    $receipt = Test-BananaJournal $journal
    $counts = $emulator.Counts
    $files = @(Get-ChildItem $folder -Force)
    $key = [System.Net.NetworkCredential]::new('', $emulator.ApiKey).Password
    $result = [pscustomobject][ordered]@{
        Prompts     = $Prompts
        Runs        = $run
        Seconds     = [Math]::Round(((Get-Date) - $started).TotalSeconds)
        Files       = $files.Count
        Billed      = $counts.ImagesBilled
        Accepted    = $counts.JobsAccepted
        Replays     = $counts.Replays
        Adopted     = @($images | Where-Object IsAdopted).Count
        IsComplete  = $receipt.IsComplete
        Faults      = $counts.Faults
        FaultKinds  = $counts.FaultsByName.Count
        Errors      = @(Select-String "$work/run*.log" -Pattern '^failed: (\w+)' | Group-Object { $_.Matches[0].Groups[1].Value } | ForEach-Object { "$($_.Count) $($_.Name)" }) -join ', '
        Partial     = @($files | Where-Object Extension -NotIn '.jpg', '.png', '.webp').Count
        Empty       = @($files | Where-Object Length -LT 100).Count
        KeysSeen    = @(Get-ChildItem $work -Recurse -File | Select-String -SimpleMatch $key -List).Count
        KeysSent    = $counts.KeysSentToDownloads
    }
    $result
    if (-not $done -or -not $receipt.IsComplete -or $result.Files -ne $Prompts -or $result.Billed -ne $Prompts -or ($result.Partial + $result.Empty + $result.KeysSeen + $result.KeysSent) -gt 0) {
        $receipt
        throw "The soak failed; what the batch said is in $work."
    }

    Remove-Item $work -Recurse
}
finally {
    $emulator | Stop-BananaEmulator
}
