<#
.SYNOPSIS
    A runbook for Azure Automation (runtime PowerShell 7.4) that makes images and copies them to a container of a storage account.
.DESCRIPTION
    README.md says how to set up what it uses:

    credential Apiframe              the key as its password; the user name does not matter
    variable   BananaPrompt          CSV text with a column Prompt, and a column for any other parameter of New-BananaImage
    variable   BananaStorageAccount  the name of the storage account, which the managed identity may write to
    variable   BananaContainer       the name of the container

    The job ends with the status Failed if an image is missing. Start it again on the same day. Images that were made are not paid for again.
#>
#requires -Version 7.4
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    # The name of this batch. After midnight, specify the name of the run to finish.
    [string] $Scope = "automation-$([datetime]::UtcNow.ToString('yyyy-MM-dd'))",

    # The maximum number of credits. A prompt is submitted only if it is certain that the credits cover it.
    [int] $MaximumCredit = 500
)

$ErrorActionPreference = 'Stop'
$key = (Get-AutomationPSCredential -Name Apiframe).Password
$prompts = @(Get-AutomationVariable -Name BananaPrompt | ConvertFrom-Csv)
$container = Get-AutomationVariable -Name BananaContainer
Connect-AzAccount -Identity | Out-Null
$storage = New-AzStorageContext -StorageAccountName (Get-AutomationVariable -Name BananaStorageAccount) -UseConnectedAccount

# The sandbox and its disk are deleted after the job, so each image is copied to the container as soon as it is saved. An error about one prompt or one upload does
# not stop the others.
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
    # Azure Automation ignores exit codes.
    throw 'Some images are missing. The errors of this job say why. Start it again with the same -Scope.'
}
