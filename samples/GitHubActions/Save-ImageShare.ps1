<#
.SYNOPSIS
    Makes one machine's share of the images of a CSV. images.yml runs it on each machine of a matrix.
.DESCRIPTION
    All machines have the same CSV and the same -Scope, and each takes another -Share. The scope makes a prompt one and the same image on whatever machine,
    so a machine that is run again, or a run with another number of machines, pays for nothing a second time within 24 hours.

    Rows with equal prompts stay on one machine: a prompt that is there twice is made twice, and only the call that submits both can count them.

    The key comes from $env:APIFRAME_API_KEY. The exit code is 0 when every row of the share has its image, else 1.
.PARAMETER Share
    Which share, from 0.
.PARAMETER Shares
    How many there are.
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

# One prompt's error must not stop the others; each is in the log of the step.
$files = @($mine |
    New-BananaImage -IdempotencyScope $Scope -ErrorAction Continue |
    Wait-BananaJob -ErrorAction Continue |
    Save-BananaImage -Path $Path -SkipExisting -ErrorAction Continue)

"$($files.Count) of $($mine.Count) images of share $Share of $Shares are in $Path."
exit [int]($files.Count -lt $mine.Count)
