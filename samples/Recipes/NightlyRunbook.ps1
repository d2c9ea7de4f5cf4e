<#
.SYNOPSIS
    Makes the images of the day, unattended: key from a vault, budget, log, exit code, safe to run again.
.DESCRIPTION
    For Task Scheduler, cron or any other scheduler. Change the defaults of the parameters to what is yours.

    The key is read with Get-Secret of Microsoft.PowerShell.SecretManagement. Once, as the user whom the task runs as:

        Set-Secret Apiframe -Secret (Read-Host -AsSecureString)

    A vault for unattended use must open without a question; see Set-SecretStoreConfiguration, or use a vault of your cloud.

    Each night has a journal beside its folder, such as images/2026-11-23.jsonl. It says what was submitted, made, and saved. Keep it as long as the
    images, on a local disk that is still there after a restart: with it, the night can be finished at any later time.

    The exit code is 0 when every prompt has its image, else 1; the log says what is missing and why. Run it again then, after a crash too: what was made
    is not paid for again. On a later day, give the night's -Date. If another run still writes to the journal, nothing is submitted, and the log says so.

    NightlyRunbook.Tests.ps1 tests this file on the emulator.
.EXAMPLE
    pwsh -NoProfile -NonInteractive -File NightlyRunbook.ps1 -CsvPath prompts.csv -Path ./images
#>
#requires -Version 5.1
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    # Rows with a column Prompt, and a column for any other parameter of New-BananaImage.
    [string] $CsvPath = (Join-Path $PSScriptRoot 'prompts.csv'),

    # Each day gets a folder and a journal in here, and the log is here.
    [string] $Path = (Join-Path $PSScriptRoot 'images'),

    # The name of the key in the vault.
    [string] $SecretName = 'Apiframe',

    # The most that the images of a day may cost, as far as their jobs have told what they cost.
    [int] $MaximumCredit = 500,

    # The day to make images for.
    [datetime] $Date = (Get-Date),

    # A bad minute at the service should not cost the night.
    [ValidateRange(1, 10)] [int] $Attempts = 3,
    [int] $PauseSec = 300
)

$ErrorActionPreference = 'Stop'
$day = $Date.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)
$folder = Join-Path $Path $day
$journal = "$folder.jsonl"
if (-not (Test-Path -LiteralPath $folder)) { New-Item $folder -ItemType Directory | Out-Null }

function Write-LogLine([string] $Line) {
    $Line = '{0:yyyy-MM-dd HH:mm:ss} {1}' -f (Get-Date), $Line
    Add-Content -LiteralPath (Join-Path $Path 'nightly.log') $Line -Encoding UTF8
    Write-Information $Line -InformationAction Continue
}

try {
    $prompts = @(Import-Csv -LiteralPath $CsvPath -Encoding UTF8)
    $key = Get-Secret $SecretName
    Write-LogLine "$day begins: $($prompts.Count) prompts, at most $MaximumCredit credits."

    for ($attempt = 1; $attempt -le $Attempts; $attempt++) {
        # One prompt's error must not stop the others, so errors are collected. With the journal of the day, another attempt returns what is saved,
        # waits for what was submitted, and submits only what is missing.
        $collect = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = '+problems' }
        $problems = @()

        # -MaximumCredit is about what a call submits. What the day has cost before is in the journal.
        $spent = if (Test-Path -LiteralPath $journal) { Get-BananaJournal -LiteralPath $journal | Measure-Object CreditCost -Sum | ForEach-Object Sum }
        $left = [Math]::Max(0, $MaximumCredit - $spent)
        $files = @($prompts |
            New-BananaImage -ApiKey $key -Journal $journal -MaximumCredit $left @collect |
            Wait-BananaJob @collect |
            Save-BananaImage -Path $folder @collect)

        Write-LogLine "Attempt ${attempt}: $($files.Count) of $($prompts.Count) images are in $folder."
        $problems | ForEach-Object { Write-LogLine "$($_.FullyQualifiedErrorId.Split(',')[0]): $_" }
        if ($files.Count -eq $prompts.Count) { exit 0 }
        if ($attempt -lt $Attempts) { Start-Sleep -Seconds $PauseSec }
    }
}
catch {
    Write-LogLine "Given up: $_"
}

exit 1
