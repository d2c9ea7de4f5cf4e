<#
.SYNOPSIS
    Saves every image that was submitted since a time, by whatever script on whatever machine: finished, or still being made.
.DESCRIPTION
    For the morning after a crash, when the script that submitted the jobs cannot simply be run again. Submits nothing, so it costs nothing. Files that
    are there stay, so it can be run as often as you like. Jobs that failed were refunded and are left out.

    The key comes from $env:APIFRAME_API_KEY; it must be one of the user who submitted the jobs. The exit code is 0 when every image is saved, else 1.

    The service keeps images for a limited time, so do not wait for long.
.PARAMETER Since
    When the lost script was started; 24 hours ago if not given.
.PARAMETER Path
    The folder for the images: the folder of the lost script, so that what it has saved is not loaded again.
.PARAMETER Model
    Which models' jobs; the account may have others.
.PARAMETER Timeout
    How many seconds to wait for jobs that are still being made.
.EXAMPLE
    ./Resume-AfterCrash.ps1 -Since 03:00 -Path ./images
#>
#requires -Version 5.1
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    [datetime] $Since = (Get-Date).AddDays(-1),
    [string] $Path = './images',
    [string] $Model = 'nano-banana*',
    [int] $Timeout = 600
)

$ErrorActionPreference = 'Stop'
# The list has no prompts, which are in the names of the files. So each job is asked for once more.
$files = @(Get-BananaJob -After $Since -ErrorAction Continue -ErrorVariable problems |
    Where-Object { $_.Model -like $Model -and $_.Status -notin 'FAILED', 'CANCELLED' } |
    Get-BananaJob -ErrorAction Continue -ErrorVariable +problems |
    Wait-BananaJob -Timeout $Timeout -ErrorAction Continue -ErrorVariable +problems |
    Save-BananaImage -Path $Path -SkipExisting -ErrorAction Continue -ErrorVariable +problems)

$files
exit [int]($problems.Count -gt 0)
