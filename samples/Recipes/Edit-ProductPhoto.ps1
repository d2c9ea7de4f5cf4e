<#
.SYNOPSIS
    Edits every photo of a folder and saves the results under the photos' own names in another folder.
.DESCRIPTION
    Each photo is uploaded once, however many prompts there are. With one prompt, mug.jpg becomes mug.jpg (or mug.png, by -OutputFormat); with several,
    mug-1.jpg, mug-2.jpg and so on, in the order of the prompts.

    The key comes from $env:APIFRAME_API_KEY. The exit code is 0 when every edit is saved, else 1. Run it again after trouble or when photos were added:
    a photo whose edits are all there is left alone, and within 24 hours nothing is paid for twice under the same -Scope.
.PARAMETER Path
    The folder with the photos: PNG, JPEG, WebP or GIF.
.PARAMETER Destination
    The folder for the results. It is made if it is missing.
.PARAMETER Prompt
    What to change, one or several.
.PARAMETER Scope
    What this batch is called. Give another name, and an empty -Destination, to have everything made anew.
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
    [string] $Resolution = '2K',
    [string] $Scope = 'product photos'
)

$ErrorActionPreference = 'Stop'
$Prompt = @($Prompt | Select-Object -Unique)
$photos = @(Get-ChildItem -LiteralPath $Path -File | Where-Object Extension -In '.png', '.jpg', '.jpeg', '.webp', '.gif')
$twins = @($photos | Group-Object BaseName | Where-Object Count -GT 1)
if ($twins) { throw "These names stand for more than one photo: $($twins.Name -join ', '). Rename them first." }
New-Item $Destination -ItemType Directory -Force | Out-Null

function Get-EditPath($Photo, $Edit) {
    $number = if ($Prompt.Count -gt 1) { "-$([array]::IndexOf($Prompt, $Edit) + 1)" }
    Join-Path $Destination "$($Photo.BaseName)$number.$OutputFormat"
}

$collect = @{ ErrorAction = 'Continue'; ErrorVariable = '+problems' }
$problems = @()
$pathOf = @{}
$photos |
    ForEach-Object {
        $photo = $_
        $missing = @($Prompt | Where-Object { -not (Test-Path -LiteralPath (Get-EditPath $photo $_)) })
        # The name of the photo is part of the scope, so that two photos of the same bytes are two edits.
        $jobs = @($missing |
            New-BananaImage -ReferenceImage $photo -Resolution $Resolution -OutputFormat $OutputFormat -IdempotencyScope "$Scope/$($photo.Name)" @collect)
        $jobs | ForEach-Object { $pathOf[$_.JobId] = Get-EditPath $photo $_.Prompt }
        $jobs
    } |
    Wait-BananaJob @collect |
    ForEach-Object { $_ | Save-BananaImage -Path $pathOf[$_.JobId] -SkipExisting @collect }

exit [int]($problems.Count -gt 0)
