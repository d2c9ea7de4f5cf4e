<#
.SYNOPSIS
    Makes an image for each row of a CSV file, and a report with the result of each row. You can run it again after a crash or on the next day.
.DESCRIPTION
    The CSV file has a Prompt column. Other columns with the name of a parameter of New-BananaImage set this parameter for their row, such as Resolution,
    OutputFormat, AspectRatio, and ReferenceImage. A blank cell means that the parameter is not specified.

    The key comes from $env:APIFRAME_API_KEY. The exit code is 0 if every row has its image, and otherwise 1. In this case, read the WhatToDo column of the report.

    After any interruption, run the script again with the same journal, even days later. Saved images are kept, submitted images are waited for and saved, and only the
    other rows are submitted. Keep the journal as long as the images, on a local disk that a restart does not erase.

    If it is not known whether the service accepted a row, even from the jobs of the account, the row is not submitted again (BananaSubmissionUnknown). With
    -ResubmitUnknown, it is submitted again and may be billed twice.
.PARAMETER CsvPath
    The CSV file with the prompts, in UTF-8.
.PARAMETER Path
    The folder for the images, which is created if it does not exist.
.PARAMETER ReportPath
    The report. The default is report.csv in the folder of the images.
.PARAMETER Journal
    The journal of this batch. The default is a file in the folder of the images with the name of the CSV file, such as prompts.jsonl. With another journal, the same
    prompts are made again.
.PARAMETER MaximumCredit
    The maximum number of credits. A prompt is submitted only if it is certain that the credits cover it.
.PARAMETER ResubmitUnknown
    Submits the rows again of which it is not known whether they were accepted.
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

# An error about one prompt must not stop the others, which are paid for. The errors are collected and become rows of the report.
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
