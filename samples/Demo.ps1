<#
.SYNOPSIS
    Creates images from prompts on the emulator and saves them. Costs nothing and needs no key.
#>
param(
    # The path of the staged module. The default is the installed module.
    [string] $Module = 'Apiframe.NanoBanana',

    # The folder for the images.
    [string] $Path = './images'
)

$ErrorActionPreference = 'Stop'
Import-Module $Module -Force
$emulator = Start-BananaEmulator -SetEnvironment
try {
    $prompts = @'
Prompt,Resolution,OutputFormat,AspectRatio
A red kite over a lighthouse,1K,jpg,
"A small server room, cut open, calm palette",2K,png,16:9
"A banana with sunglasses, 3 a.m.",512px,webp,3:4
'@ | ConvertFrom-Csv

    "`n> `$prompts | New-BananaImage | Wait-BananaJob -OutVariable jobs | Save-BananaImage -Path $Path"
    $prompts | New-BananaImage | Wait-BananaJob -OutVariable jobs | Save-BananaImage -Path $Path -Force | Format-Table Length, Name
    '> $jobs'
    $jobs | Format-Table
    '> Get-BananaEmulator'
    Get-BananaEmulator | Format-Table
}
finally {
    $emulator | Stop-BananaEmulator
}
