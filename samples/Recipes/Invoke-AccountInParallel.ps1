<#
.SYNOPSIS
    ForEach-Object -Parallel as it should be used: several accounts side by side, each with its own key, prompts and budget.
.DESCRIPTION
    One account needs no -Parallel: New-BananaImage submits prompts side by side, and the pipeline waits for all jobs and saves them at the same time.
    A loop with one prompt in each runspace gains nothing and loses what a call counts: its budget, and how often a prompt is wanted.

    -Parallel is for calls that must be separate. Here each account has a call, because -MaximumCredit counts for a call.

    Each CSV of the folder is named after an account, such as shop.csv and blog.csv, and the key of an account is in the vault of SecretManagement under
    its name. The images of shop.csv go to the folder shop, and its journal is beside that: one for each account and day, because a journal is about one
    account. Run the script again after trouble; on a later day, give the -Day of the run that is to be finished. Writes a line for each account; the exit code is 0 when every prompt has its image, else 1.
.EXAMPLE
    ./Invoke-AccountInParallel.ps1 -CsvFolder ./accounts -Path ./images
#>
#requires -Version 7.4
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $CsvFolder,
    [string] $Path = './images',
    [int] $MaximumCredit = 500,
    [string] $Day = (Get-Date -Format yyyy-MM-dd)
)

$ErrorActionPreference = 'Stop'

# A runspace has no functions, preferences and variables of this script, but a connection may go into several. The key is inside and is not shown.
$accounts = Get-ChildItem -LiteralPath $CsvFolder -Filter *.csv | ForEach-Object {
    [pscustomobject]@{ Name = $_.BaseName; CsvPath = $_.FullName; Connection = New-BananaConnection -ApiKey (Get-Secret $_.BaseName) }
}

$results = @($accounts | ForEach-Object -Parallel {
    $account = $_
    $folder = Join-Path $using:Path $account.Name
    $prompts = @(Import-Csv -LiteralPath $account.CsvPath -Encoding UTF8)
    $collect = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = '+problems' }
    $problems = @()
    $files = @($prompts |
        New-BananaImage -Connection $account.Connection -MaximumCredit $using:MaximumCredit -Journal "$folder-$using:Day.jsonl" @collect |
        Wait-BananaJob @collect |
        Save-BananaImage -Path $folder @collect)
    [pscustomobject]@{ Account = $account.Name; Prompts = $prompts.Count; Saved = $files.Count; Problems = "$problems" }
})

$results
exit [int](@($results | Where-Object { $_.Saved -lt $_.Prompts }).Count -gt 0)
