<#
.SYNOPSIS
    A runbook for Azure Automation (runtime PowerShell 7.4): makes images and puts them into a container of a storage account.
.DESCRIPTION
    README.md says how to set up what it uses:

    credential Apiframe              the key as its password; the user name does not matter
    variable   BananaPrompt          CSV text with a column Prompt, and a column for any other parameter of New-BananaImage
    variable   BananaStorageAccount  the name of the storage account, which the managed identity may write to
    variable   BananaContainer       the name of the container

    The job ends as Failed if an image is missing. Start it again then, the same day: what was made is not paid for again.
#>
#requires -Version 7.4
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    # What this batch is called. After midnight, give the name of the run that is to be finished.
    [string] $Scope = "automation-$([datetime]::UtcNow.ToString('yyyy-MM-dd'))",

    # No more prompts are submitted than this many credits are sure to cover.
    [int] $MaximumCredit = 500
)

$ErrorActionPreference = 'Stop'
$key = (Get-AutomationPSCredential -Name Apiframe).Password
$prompts = @(Get-AutomationVariable -Name BananaPrompt | ConvertFrom-Csv)
$container = Get-AutomationVariable -Name BananaContainer
Connect-AzAccount -Identity | Out-Null
$storage = New-AzStorageContext -StorageAccountName (Get-AutomationVariable -Name BananaStorageAccount) -UseConnectedAccount

# The sandbox and its disk go away with the job. So each image is put into the container as soon as it is saved, and one prompt's error or one upload's
# does not stop the others.
$folder = Join-Path ([System.IO.Path]::GetTempPath()) $Scope
$blobs = @($prompts |
    New-BananaImage -ApiKey $key -IdempotencyScope $Scope -MaximumCredit $MaximumCredit -ErrorAction Continue |
    Wait-BananaJob -ErrorAction Continue |
    Save-BananaImage -Path $folder -SkipExisting -ErrorAction Continue |
    ForEach-Object {
        Set-AzStorageBlobContent -File $_.FullName -Container $container -Blob "$Scope/$($_.Name)" -Context $storage -Force -ErrorAction Continue
    })

"$($blobs.Count) of $($prompts.Count) images are in $container/$Scope."
if ($blobs.Count -lt $prompts.Count) {
    # An exit code means nothing here.
    throw 'Some images are missing; the errors of this job say why. Start it again, with the same -Scope.'
}
