<#
.SYNOPSIS
    Makes the images of the day without user interaction, with a key from a vault, a budget, a log, and an exit code. You can run it again.
.DESCRIPTION
    Use this script with Task Scheduler, cron, or any other scheduler. Change the defaults of the parameters to your values.

    The key is read with Get-Secret of Microsoft.PowerShell.SecretManagement. Store it once, as the user who runs the task:

        Set-Secret Apiframe -Secret (Read-Host -AsSecureString)

    A vault for unattended scripts must open without a prompt. See Set-SecretStoreConfiguration, or use a vault of your cloud.

    Each night has a journal next to its folder, such as images/2026-11-23.jsonl, which records what was submitted, made, and saved. Keep it as long as the
    images, on a local disk that a restart does not erase. With the journal, you can finish the night at any later time.

    The exit code is 0 if every prompt has its image, and otherwise 1. The log says what is missing and why. Run the script again in this case, or after a crash.
    Images that were made are not paid for again. On a later day, specify the -Date of the night. If another run is still writing to the journal, nothing is
    submitted, and the log says so.

    NightlyRunbook.Tests.ps1 tests this file on the emulator.
.EXAMPLE
    pwsh -NoProfile -NonInteractive -File NightlyRunbook.ps1 -CsvPath prompts.csv -Path ./images
#>
#requires -Version 5.1
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    # The CSV file with a Prompt column, and a column for any other parameter of New-BananaImage.
    [string] $CsvPath = (Join-Path $PSScriptRoot 'prompts.csv'),

    # The folder for the log, and for a subfolder and a journal for each day.
    [string] $Path = (Join-Path $PSScriptRoot 'images'),

    # The name of the key in the vault.
    [string] $SecretName = 'Apiframe',

    # The maximum cost of the images of a day, in credits, as far as their jobs report their cost.
    [int] $MaximumCredit = 500,

    # The day to make images for.
    [datetime] $Date = (Get-Date),

    # How often to try, because a short failure of the service must not cost the night.
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

        # -MaximumCredit limits one command. The journal contains what the day has cost before.
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
