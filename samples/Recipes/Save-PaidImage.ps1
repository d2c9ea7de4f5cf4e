<#
.SYNOPSIS
    Saves every image that is paid for and on no disk yet: the images of journals, and those of jobs that no journal has.
.DESCRIPTION
    For the morning after a crash, when the script that submitted the jobs cannot simply be run again. Submits nothing, so it costs nothing. Files that
    are there stay, so it can be run as often as you like. Images that are saved and unchanged come back as their files.

    The key comes from $env:APIFRAME_API_KEY; it must be one of the user who submitted the jobs. The exit code is 0 when every image is saved, else 1.

    Test-BananaJournal says afterwards whether anything is missing still.

    An image that is in a journal is saved however old its job is, as long as the service still has it. The service keeps images for a limited time, so do
    not wait for long. If a file was changed after it was saved, it stays as it is and is an error; another -Path saves its image there.
.PARAMETER Journal
    Journals, with wildcards. What is saved is noted in them. A journal that another process writes to is an error: its batch is still running.
.PARAMETER Since
    From when on to look for jobs that no journal has, such as those of a script without a journal: the time at which it was started; 24 hours ago if
    not given.
.PARAMETER Path
    The folder for the images: the folder of the lost script, so that what it has saved is not downloaded again.
.PARAMETER Model
    Which models' jobs; the account may have others.
.PARAMETER Timeout
    How many seconds to wait for jobs that are still being made.
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

# Of images that were saved, only those whose files are missing are downloaded.
$known |
    Where-Object State -In 'Accepted', 'Completed', 'Saved' |
    Wait-BananaJob -Timeout $Timeout @collect |
    Save-BananaImage -Path $Path @collect

# The list of jobs has no prompts, which are in the names of the files. So each job is asked for once more.
Get-BananaJob -After $Since @collect |
    Where-Object { $_.Model -like $Model -and $_.Status -notin 'FAILED', 'CANCELLED' -and $_.JobId -notin $known.JobId } |
    Get-BananaJob @collect |
    Wait-BananaJob -Timeout $Timeout @collect |
    Save-BananaImage -Path $Path -SkipExisting @collect

exit [int]($problems.Count -gt 0)
