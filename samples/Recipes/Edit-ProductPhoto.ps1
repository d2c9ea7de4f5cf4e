<#
.SYNOPSIS
    Edits every photo in a folder and saves the results in another folder under the names of the photos.
.DESCRIPTION
    Each photo is uploaded once for all prompts. With one prompt, the result of mug.png is mug.jpg, or another extension with -OutputFormat. With several prompts,
    the results are mug-1.jpg, mug-2.jpg, and so on, in the order of the prompts.

    The key comes from $env:APIFRAME_API_KEY. The exit code is 0 if every edit is saved, and otherwise 1. You can run the script again after an interruption, or
    after you add photos. Existing results are kept. Submitted edits are not submitted again: the script waits for their jobs, which jobs.csv in the folder of the
    results records.
.PARAMETER Path
    The folder with the photos: PNG, JPEG, WebP, or GIF files.
.PARAMETER Destination
    The folder for the results, which is created if it does not exist. Use another folder for other prompts.
.PARAMETER Prompt
    One or more prompts that say what to change.
.EXAMPLE
    ./Edit-ProductPhoto.ps1 -Path ./photos -Destination ./shop -Prompt 'on white, soft shadow', 'on a wooden table, morning light'
#>
#requires -Version 5.1
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Destination,
    [string[]] $Prompt = 'The same product on a plain white background, soft shadow',
    [ValidateSet('jpg', 'png', 'webp')] [string] $OutputFormat = 'jpg',
    [string] $Resolution = '2K'
)

$ErrorActionPreference = 'Stop'
$Prompt = @($Prompt | ForEach-Object Trim | Select-Object -Unique)
$photos = @(Get-ChildItem -LiteralPath $Path -File | Where-Object Extension -In '.png', '.jpg', '.jpeg', '.webp', '.gif')
$twins = @($photos | Group-Object BaseName | Where-Object Count -GT 1)
if ($twins) { throw "More than one photo has the name $($twins.Name -join ', '). Rename the photos first." }

if (-not (Test-Path -LiteralPath $Destination)) { New-Item $Destination -ItemType Directory | Out-Null }
$folder = (Get-Item -LiteralPath $Destination).FullName
$notes = Join-Path $folder 'jobs.csv'
$jobIdOf = @{}
if (Test-Path -LiteralPath $notes) { Import-Csv -LiteralPath $notes -Encoding UTF8 | ForEach-Object { $jobIdOf[$_.File] = $_.JobId } }

# An error about one photo must not stop the others.
$collect = @{ ErrorAction = 'Continue'; ErrorVariable = '+problems' }
$problems = @()
$fileOf = @{}
$photos |
    ForEach-Object {
        $photo = $_
        $edits = [System.Collections.Generic.Dictionary[string, string]]::new()
        for ($i = 0; $i -lt $Prompt.Count; $i++) {
            $file = $photo.BaseName + $(if ($Prompt.Count -gt 1) { "-$($i + 1)" }) + ".$OutputFormat"
            if (Test-Path -LiteralPath (Join-Path $folder $file)) { continue }
            $job = if ($jobIdOf[$file]) { Get-BananaJob $jobIdOf[$file] @collect }
            # Failed jobs were refunded.
            if ($job -and $job.Status -notin 'FAILED', 'CANCELLED') { $fileOf[$job.JobId] = $file; $job }
            else { $edits[$Prompt[$i]] = $file }
        }

        # If the script ended before it recorded a job, it gets the job again with the same scope, as long as the service stores the uploaded photo. After that,
        # it may get an error, but no second bill. Save-PaidImage.ps1 then saves the image. A failed job leads to another scope.
        $edits.Keys |
            ForEach-Object { [pscustomobject]@{ Prompt = $_; IdempotencyScope = "$folder $($edits[$_]) $($jobIdOf[$edits[$_]])" } } |
            New-BananaImage -ReferenceImage $photo -Resolution $Resolution -OutputFormat $OutputFormat @collect |
            ForEach-Object {
                $fileOf[$_.JobId] = $edits[$_.Prompt]
                [pscustomobject]@{ File = $edits[$_.Prompt]; JobId = $_.JobId } | Export-Csv -LiteralPath $notes -Append -NoTypeInformation -Encoding UTF8
                $_
            }
    } |
    Wait-BananaJob @collect |
    Save-BananaImage -Path $folder -FileName { $fileOf[$_.JobId] } -SkipExisting @collect

exit [int]($problems.Count -gt 0)
