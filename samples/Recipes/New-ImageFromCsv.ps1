<#
.SYNOPSIS
    Makes an image for each row of a CSV, and a report that says what became of each. Run it again after a crash, on the next day too.
.DESCRIPTION
    The CSV has a column Prompt. Any other column that is named like a parameter of New-BananaImage counts for its row: Resolution, OutputFormat,
    AspectRatio, ReferenceImage and so on; a blank cell counts as not given.

    The key comes from $env:APIFRAME_API_KEY. The exit code is 0 when every row has its image, else 1; then read the column WhatToDo of the report.

    Run it again after trouble of any kind, at any later time: with the same journal, what is saved stays, what was submitted is waited for and saved,
    and only the rest is submitted. Keep the journal as long as the images, on a local disk that is still there after a restart.

    If it is not known whether the service accepted a row, and the account's jobs do not tell either, the row is not submitted again
    (BananaSubmissionUnknown). With -ResubmitUnknown it is, and may then be billed twice.
.PARAMETER CsvPath
    The prompts, as UTF-8.
.PARAMETER Path
    The folder for the images. It is made if it is missing.
.PARAMETER ReportPath
    The report; report.csv beside the images if not given.
.PARAMETER Journal
    The journal of this batch. If not given, it is beside the images and named like the CSV, such as prompts.jsonl. Another one has the same prompts made
    anew.
.PARAMETER MaximumCredit
    No more prompts are submitted than this many credits are sure to cover.
.PARAMETER ResubmitUnknown
    Submits rows again of which nobody can tell whether they were accepted.
.EXAMPLE
    ./New-ImageFromCsv.ps1 -CsvPath prompts.csv -Path ./images
#>
#requires -Version 5.1
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $CsvPath,
    [string] $Path = './images',
    [string] $ReportPath = (Join-Path $Path 'report.csv'),
    [string] $Journal = (Join-Path $Path "$([System.IO.Path]::GetFileNameWithoutExtension($CsvPath)).jsonl"),
    [int] $MaximumCredit = 1000,
    [switch] $ResubmitUnknown
)

$ErrorActionPreference = 'Stop'
$rows = @(Import-Csv -LiteralPath $CsvPath -Encoding UTF8)
if (-not $rows -or -not $rows[0].PSObject.Properties['Prompt']) {
    throw "$CsvPath has no rows, or no column Prompt."
}

# An error about one prompt must not stop the others, which are paid for: the errors are collected and become rows of the report.
$collect = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = '+problems' }
$problems = @()
$files = $rows |
    New-BananaImage -Journal $Journal -ResubmitUnknown:$ResubmitUnknown -MaximumCredit $MaximumCredit @collect |
    Wait-BananaJob @collect |
    Save-BananaImage -Path $Path @collect

$report = @(
    foreach ($file in $files) {
        $job = $file.Job
        [pscustomobject]@{
            Prompt = $job.Prompt; Status = 'SAVED'; File = $file.FullName; CreditCost = $job.CreditCost; JobId = $job.JobId; ErrorId = ''; WhatToDo = ''
        }
    }

    foreach ($problem in $problems) {
        # An error is about a job, a request or, if the budget is used up, several requests.
        foreach ($target in $problem.TargetObject) {
            [pscustomobject]@{
                Prompt = $target.Prompt; Status = 'MISSING'; File = ''; CreditCost = $target.CreditCost; JobId = $target.JobId
                ErrorId = $problem.FullyQualifiedErrorId.Split(',')[0]; WhatToDo = "$problem"
            }
        }
    }
)

if (-not (Test-Path -LiteralPath $Path)) { New-Item $Path -ItemType Directory | Out-Null }
$order = @($rows.Prompt)
$report | Sort-Object { [array]::IndexOf($order, $_.Prompt) } | Export-Csv -LiteralPath $ReportPath -NoTypeInformation -Encoding UTF8

$missing = $rows.Count - @($files).Count
"$(@($files).Count) of $($rows.Count) images are in $Path; the report is $ReportPath."
exit [int]($missing -gt 0)
