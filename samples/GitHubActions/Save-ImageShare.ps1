<#
.SYNOPSIS
    Makes one machine's share of the images of a CSV file. images.yml runs it on each machine of a matrix.
.DESCRIPTION
    All machines have the same CSV file and the same -Scope, and each machine has another -Share. With the scope, a prompt is the same image on every machine. If you
    run a machine again, or change the number of machines, nothing is paid for twice within 24 hours.

    Rows with equal prompts stay on one machine. A prompt that occurs twice is made twice, and only one command that submits both can count them.

    The key comes from $env:APIFRAME_API_KEY. The exit code is 0 if every row of the share has its image, and otherwise 1.
.PARAMETER Share
    The number of the share, starting with 0.
.PARAMETER Shares
    The number of shares.
.EXAMPLE
    ./Save-ImageShare.ps1 -CsvPath ./prompts.csv -Path ./images -Scope 'release 7' -Share 0 -Shares 2
#>
#requires -Version 5.1
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $CsvPath,
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Scope,
    [Parameter(Mandatory)] [int] $Share,
    [Parameter(Mandatory)] [int] $Shares
)

$ErrorActionPreference = 'Stop'
$prompts = @(Import-Csv -LiteralPath $CsvPath -Encoding UTF8)
$different = @($prompts.Prompt | Select-Object -Unique)
$mine = @($prompts | Where-Object { [array]::IndexOf($different, $_.Prompt) % $Shares -eq $Share })

# An error about one prompt must not stop the others. Each error is in the log of the step.
$files = @($mine |
    New-BananaImage -IdempotencyScope $Scope -ErrorAction Continue |
    Wait-BananaJob -ErrorAction Continue |
    Save-BananaImage -Path $Path -SkipExisting -ErrorAction Continue)

"$($files.Count) of $($mine.Count) images of share $Share of $Shares are in $Path."
exit [int]($files.Count -lt $mine.Count)
