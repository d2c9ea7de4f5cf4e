<#
.SYNOPSIS
    Uses several accounts at the same time with ForEach-Object -Parallel, each with its own key, prompts, and budget.
.DESCRIPTION
    With one account, you do not need -Parallel: New-BananaImage submits prompts in parallel, and the pipeline waits for all jobs and saves them at the same
    time. A loop with one prompt in each runspace is not faster, and a budget or the number of equal prompts then applies to each prompt instead of the batch.

    Use -Parallel for commands that must be separate. Here, each account has its own command, because -MaximumCredit applies to one command.

    Each CSV file in the folder has the name of an account, such as shop.csv and blog.csv. The key of the account is in the vault of SecretManagement under the same
    name. The images of shop.csv are saved in the folder shop. Its journal is in the parent folder, one for each account and day, because a journal belongs to one
    account. Run the script again after an interruption. On a later day, specify the -Day of the run to finish. The script returns an object for each account. The
    exit code is 0 if every prompt has its image, and otherwise 1.
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

# A runspace does not have the functions, preferences, and variables of this script, but several runspaces can use a connection. Its key is hidden.
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
