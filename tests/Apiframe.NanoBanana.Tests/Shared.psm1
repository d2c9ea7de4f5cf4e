# What the Pester tests share.

$Root = Split-Path (Split-Path $PSScriptRoot)
Import-Module (Join-Path $Root 'tools/ChildPowerShell.psm1')
$Version = (Import-PowerShellDataFile (Join-Path $Root 'Apiframe.NanoBanana.psd1')).ModuleVersion

# Windows PowerShell has no variable IsWindows.
$OnWindows, $OnLinux, $OnMacOS = 'Windows', 'Linux', 'OSX' | ForEach-Object {
    [System.Runtime.InteropServices.RuntimeInformation]::IsOSPlatform([System.Runtime.InteropServices.OSPlatform]::Create($_))
}

# Tests import this folder and nothing else: what is tested is what is shipped.
$StagedModule = if ($env:APIFRAME_TESTED_MODULE) { $env:APIFRAME_TESTED_MODULE } else { Join-Path $Root 'out/Apiframe.NanoBanana' }
$StagedFolder = Join-Path $StagedModule $Version
$RepositoryRoot = $Root

# The Pesters that users have, by version.
$Pesters = Get-ChildItem (Join-Path $Root 'out/modules/Pester')

function Get-ImageFormat {
    <#
    .SYNOPSIS
        Reads format, width and height out of an image file's own bytes.
    #>
    param([Parameter(Mandatory, ValueFromPipeline)] [System.IO.FileInfo] $File)

    process {
        $bytes = [System.IO.File]::ReadAllBytes($File.FullName)
        if ($bytes[0] -eq 0x89 -and $bytes[1] -eq 0x50) {
            $width, $height = 16, 20 | ForEach-Object { [System.Net.IPAddress]::NetworkToHostOrder([System.BitConverter]::ToInt32($bytes, $_)) }
            return [pscustomobject]@{ Format = 'png'; Width = $width; Height = $height }
        }

        # WebP without loss: behind the signature byte 0x2F, 14 bits for the width less one, then as many for the height.
        if ($bytes[0] -eq 0x52 -and $bytes[15] -eq 0x4C) {
            $bits = [System.BitConverter]::ToUInt32($bytes, 21)
            return [pscustomobject]@{ Format = 'webp'; Width = ($bits -band 0x3FFF) + 1; Height = (($bits -shr 14) -band 0x3FFF) + 1 }
        }

        # JPEG: walk the segments to the frame header.
        $at = 2
        while ($bytes[$at] -eq 0xFF -and $bytes[$at + 1] -notin 0xC0, 0xC1, 0xC2) {
            $at += 2 + $bytes[$at + 2] * 256 + $bytes[$at + 3]
        }

        [pscustomobject]@{ Format = 'jpg'; Width = $bytes[$at + 7] * 256 + $bytes[$at + 8]; Height = $bytes[$at + 5] * 256 + $bytes[$at + 6] }
    }
}

function Invoke-FreshPowerShell {
    <#
    .SYNOPSIS
        Runs a script in a PowerShell process of its own, without colors, and returns its lines.
    #>
    param([Parameter(Mandatory)] [string] $Script)

    $file = Join-Path ([System.IO.Path]::GetTempPath()) "$([guid]::NewGuid()).ps1"
    $noColor, $env:NO_COLOR = $env:NO_COLOR, '1'
    try {
        Set-Content $file "Import-Module '$StagedModule'; $Script" -Encoding UTF8
        Invoke-PowerShell -File $file 2>&1 | ForEach-Object { "$_" }
    }
    finally {
        $env:NO_COLOR = $noColor
        Remove-Item $file
    }
}

function Invoke-FreshPester {
    <#
    .SYNOPSIS
        Runs files of tests in a PowerShell and a Pester of their own, and returns a line such as "Passed, 3 of 3" for each file. An error if another Pester
        runs them.
    #>
    param(
        [Parameter(Mandatory)] [System.IO.FileSystemInfo] $Pester,
        [Parameter(Mandatory)] [string[]] $Path
    )

    $lines = Invoke-FreshPowerShell ("Import-Module '$($Pester.FullName)/Pester.psd1'; foreach (`$path in '$($Path -join "', '")') { `$result = Invoke-Pester `$path -PassThru;" +
        "`"Pester `$((Get-Module Pester).Version): `$(`$result.Result), `$(`$result.PassedCount) of `$(`$result.TotalCount)`" }")
    $results = @($lines -match "^Pester $($Pester.Name): " -replace '^Pester .*?: ')
    if ($results.Count -ne $Path.Count) { throw $lines -join "`n" }
    $results
}

function Wait-Until {
    <#
    .SYNOPSIS
        Waits until a condition holds; an error after a minute without it.
    #>
    param([Parameter(Mandatory)] [scriptblock] $Condition)

    $limit = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($limit.Elapsed.TotalMinutes -gt 1) { throw "This did not become true within a minute: $Condition" }
        # With a shorter pause, this loop would take a processor from what it waits for.
        [System.Threading.Thread]::Sleep(10)
    }
}

function Wait-PowerShell {
    <#
    .SYNOPSIS
        Waits until processes have ended and returns their exit codes; an error after five minutes.
    #>
    param([Parameter(Mandatory, ValueFromPipeline)] [System.Diagnostics.Process] $Process)

    process {
        if (-not $Process.WaitForExit(300000)) {
            $Process.Kill()
            throw "Process $($Process.Id) did not end within five minutes."
        }

        $Process.ExitCode
    }
}

function Get-Sha256 {
    <#
    .SYNOPSIS
        Returns the SHA-256 hash of a text in UTF-8, as bytes.
    #>
    param([Parameter(Mandatory)] [string] $Text)

    [System.Security.Cryptography.SHA256]::Create().ComputeHash([System.Text.Encoding]::UTF8.GetBytes($Text))
}

function ConvertTo-Hex {
    <#
    .SYNOPSIS
        Writes bytes as hexadecimal text in lower case.
    #>
    param([Parameter(Mandatory)] [byte[]] $Bytes)

    -join ($Bytes | ForEach-Object { $_.ToString('x2') })
}

function Get-WebhookSignature {
    <#
    .SYNOPSIS
        Signs a body as the service does, in either reading of its documents: the secret as bytes, or as hexadecimal text.
    #>
    param(
        [Parameter(Mandatory)] [string] $Body,
        [Parameter(Mandatory)] [string] $Key,
        [switch] $HexText
    )

    [byte[]] $secret = Get-Sha256 $Key
    if ($HexText) { $secret = [System.Text.Encoding]::ASCII.GetBytes((ConvertTo-Hex $secret)) }
    'sha256=' + (ConvertTo-Hex ([System.Security.Cryptography.HMACSHA256]::new($secret).ComputeHash([System.Text.Encoding]::UTF8.GetBytes($Body))))
}

function Invoke-DocumentedLine {
    <#
    .SYNOPSIS
        Runs lines that help or documents show, as a person would who has typed them into a folder of prompts and photos, and returns what they write,
        errors included: what is wrong with one prompt or job is one too, although it does not end the pipeline.
    .NOTES
        On an emulator of their own, and with the environment put back.
    #>
    param([Parameter(Mandatory)] [string] $Code)

    $folder = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid())
    New-Item (Join-Path $folder 'products') -ItemType Directory | Out-Null
    $url, $key, $modulePath = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY, $env:PSModulePath
    Push-Location $folder
    try {
        # As in a clone that was built, and a home of its own to install into.
        if ($Code -match '\./out/') { Copy-Item $StagedModule (New-Item out -ItemType Directory) -Recurse }
        $env:PSModulePath = "$folder/home/Modules$([System.IO.Path]::PathSeparator)$modulePath"
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.2
        # What the lines take for granted: a vault, a person at the keyboard, prompts, photos.
        function Get-Secret { $emulator.ApiKey }
        function Get-Credential { [pscredential]::new('ops', (ConvertTo-SecureString 'word' -AsPlainText -Force)) }
        $prompts = 'a kite', 'a lighthouse'
        $prompts | ForEach-Object { [pscustomobject]@{ Prompt = $_ } } | Export-Csv prompts.csv
        $grayPixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='
        [System.IO.File]::WriteAllBytes("$folder/products/mug.png", [System.Convert]::FromBase64String($grayPixel))

        & ([scriptblock]::Create($Code)) 2>&1
    }
    finally {
        Stop-BananaEmulator
        Pop-Location
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY, $env:PSModulePath = $url, $key, $modulePath
        Remove-Item $folder -Recurse -Force
    }
}

Export-ModuleMember -Function ConvertTo-Hex, Get-ImageFormat, Get-PowerShellCommand, Get-Sha256, Get-WebhookSignature, Invoke-DocumentedLine, Invoke-FreshPester, Invoke-FreshPowerShell, Invoke-PowerShell, Start-PowerShell,
    Wait-PowerShell, Wait-Until -Variable OnLinux, OnMacOS, OnWindows, Pesters, StagedModule, StagedFolder, RepositoryRoot
