<#
.SYNOPSIS
    Saves every paid image that is not on disk: the images of journals, and the images of jobs without a journal.
.DESCRIPTION
    Use this script after a crash, if you cannot run the script that submitted the jobs again. It submits nothing, so it costs nothing. It keeps existing files, so you
    can run it as often as you like. For images that are saved and unchanged, it returns the files.

    The key comes from $env:APIFRAME_API_KEY, and must belong to the user who submitted the jobs. The exit code is 0 if every image is saved, and otherwise 1.

    Afterward, Test-BananaJournal shows whether anything is still missing.

    An image in a journal is saved even if its job is old, as long as the service stores it. The service keeps images only for a limited time, so run the script soon. A
    file that was changed after it was saved causes an error, and is not changed. With another -Path, its image is saved there.
.PARAMETER Journal
    The paths of journals, with wildcards. The script records the saved images in them. A journal that another process is writing to causes an error, because its batch is
    still running.
.PARAMETER Since
    The start time for jobs without a journal, such as the time when a script without a journal was started. The default is 24 hours ago.
.PARAMETER Path
    The folder for the images. Use the folder of the interrupted script, so that its images are not downloaded again.
.PARAMETER Model
    The models of the jobs, because the account may have other jobs.
.PARAMETER Timeout
    How many seconds to wait for running jobs.
.EXAMPLE
    ./Save-PaidImage.ps1 -Journal ./images/*.jsonl -Path ./images
.EXAMPLE
    ./Save-PaidImage.ps1 -Since 03:00 -Path ./images
#>
#requires -Version 5.1
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    [string[]] $Journal,
    [datetime] $Since = (Get-Date).AddDays(-1),
    [string] $Path = './images',
    [string] $Model = 'nano-banana*',
    [int] $Timeout = 600
)

$ErrorActionPreference = 'Stop'
$collect = @{ ErrorAction = 'Continue'; ErrorVariable = '+problems' }
$problems = @()
$known = @(if ($Journal) { Get-BananaJournal $Journal @collect })

# Of the saved images, the script downloads only those whose files are missing.
$known |
    Where-Object State -In 'Accepted', 'Completed', 'Saved' |
    Wait-BananaJob -Timeout $Timeout @collect |
    Save-BananaImage -Path $Path @collect

# The list of jobs contains no prompts, which are part of the file names, so each job is requested once more.
Get-BananaJob -After $Since @collect |
    Where-Object { $_.Model -like $Model -and $_.Status -notin 'FAILED', 'CANCELLED' -and $_.JobId -notin $known.JobId } |
    Get-BananaJob @collect |
    Wait-BananaJob -Timeout $Timeout @collect |
    Save-BananaImage -Path $Path -SkipExisting @collect

exit [int]($problems.Count -gt 0)
