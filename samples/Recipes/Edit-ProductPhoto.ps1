<#
.SYNOPSIS
    Edits every photo of a folder and saves the results under the photos' own names in another folder.
.DESCRIPTION
    Each photo is uploaded once, however many prompts there are. With one prompt, mug.png becomes mug.jpg (or what -OutputFormat says); with several,
    mug-1.jpg, mug-2.jpg and so on, in the order of the prompts.

    The key comes from $env:APIFRAME_API_KEY. The exit code is 0 when every edit is saved, else 1. Run it again after trouble or when photos were added:
    what is there is left alone, and what was submitted is waited for and saved, not submitted again. It is noted in jobs.csv beside the results.
.PARAMETER Path
    The folder with the photos: PNG, JPEG, WebP or GIF.
.PARAMETER Destination
    The folder for the results. It is made if it is missing. Give another one for other prompts.
.PARAMETER Prompt
    What to change, one or several.
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
if ($twins) { throw "These names stand for more than one photo: $($twins.Name -join ', '). Rename them first." }

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

        # A script that died before it could note a job gets the job back under the same scope, for as long as the service stores the uploaded photo. After that
        # it may get an error, and not a second bill; Save-PaidImage.ps1 gets the image. A job that failed makes it another scope.
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
