BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    $job = New-BananaImage 'a kite' -Resolution 512px | Wait-BananaJob
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'Save-BananaImage' {
    It 'saves to the current location of PowerShell, not to the working directory of the process' {
        New-Item -ItemType Directory "$TestDrive/here" | Out-Null
        Push-Location "$TestDrive/here"
        try {
            ($job | Save-BananaImage).DirectoryName | Should -Be (Get-Item "$TestDrive/here").FullName
            ($job | Save-BananaImage ./sub).DirectoryName | Should -Be (Join-Path (Get-Item "$TestDrive/here").FullName 'sub')
        }
        finally {
            Pop-Location
        }
    }

    It 'treats brackets in a path as literal' {
        ($job | Save-BananaImage "$TestDrive/a[1]").DirectoryName | Should -BeLike '*a`[1`]'
        ($job | Save-BananaImage "$TestDrive/b[2].jpg").Name | Should -Be 'b[2].jpg'
        ($job | Save-BananaImage -LiteralPath "$TestDrive/c[3].jpg").Name | Should -Be 'c[3].jpg'
    }

    It 'accepts a path on a PowerShell drive' {
        ($job | Save-BananaImage 'TestDrive:/drive').FullName | Should -BeLike "*drive*a-kite-*.jpg"
    }

    It 'rejects a path that is not a folder' {
        { $job | Save-BananaImage 'Env:/' } | Should -Throw -ErrorId 'BananaPathInvalid,*'
    }

    It 'rejects a second image for the same file name' {
        $files = $job, (New-BananaImage 'b' | Wait-BananaJob) | Save-BananaImage "$TestDrive/one.jpg" -ErrorAction SilentlyContinue -ErrorVariable refused
        $files | Should -HaveCount 1
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaPathInvalid,*'
    }

    It 'writes an error for an existing file, returns it with -SkipExisting, and replaces it with -Force' {
        $file = $job | Save-BananaImage "$TestDrive/there"
        [IO.File]::AppendAllText($file.FullName, 'mine')
        $downloads = $emulator.Counts.Downloads

        $job | Save-BananaImage "$TestDrive/there" -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaFileExists,*'
        ($job | Save-BananaImage "$TestDrive/there" -SkipExisting).FullName | Should -Be $file.FullName
        (Get-Item $file.FullName).Length | Should -Be ($file.Length + 4)
        $emulator.Counts.Downloads | Should -Be $downloads

        ($job | Save-BananaImage "$TestDrive/there" -Force).Length | Should -Be $file.Length
        Get-ChildItem "$TestDrive/there" | Should -HaveCount 1
    }

    It 'replaces <Name> with -SkipExisting' -ForEach @(
        @{ Name = 'an empty file'; Break = { param($file) [IO.File]::WriteAllBytes($file, [byte[]]::new(0)) } }
        @{ Name = 'a file of zeros'; Break = { param($file) [IO.File]::WriteAllBytes($file, [byte[]]::new(5000)) } }
        @{ Name = 'half of an image'; Break = { param($file) $bytes = [IO.File]::ReadAllBytes($file); [IO.File]::WriteAllBytes($file, $bytes[0..($bytes.Length / 2)]) } }
        @{ Name = 'a symbolic link to nothing'; Break = { param($file) Remove-Item $file; New-Item $file -ItemType SymbolicLink -Value "$file.nowhere" }; NotOnWindows = $true }
    ) {
        if ($NotOnWindows -and $OnWindows) { Set-ItResult -Skipped -Because 'making symbolic links takes a privilege there'; return }
        $file = $job | Save-BananaImage "$TestDrive/broken" -Force
        & $Break $file.FullName

        $job | Save-BananaImage "$TestDrive/broken" -SkipExisting -WhatIf | Should -BeNullOrEmpty
        $again = $job | Save-BananaImage "$TestDrive/broken" -SkipExisting
        $again.FullName, $again.Length | Should -Be $file.FullName, $file.Length
        Get-ChildItem "$TestDrive/broken" | Should -HaveCount 1
    }

    It 'recognizes a file name of version 0.1 with -SkipExisting' {
        $file = $job | Save-BananaImage "$TestDrive/earlier"
        $earlier = $file | Rename-Item -NewName "a-kite-$($job.JobId.Split('-')[-1]).jpg" -PassThru
        $downloads = $emulator.Counts.Downloads

        ($job | Save-BananaImage "$TestDrive/earlier" -SkipExisting -Metadata).FullName | Should -Be $earlier.FullName
        Get-ChildItem "$TestDrive/earlier" | ForEach-Object Name | Should -Be $earlier.Name, "$($earlier.Name).json"
        $emulator.Counts.Downloads | Should -Be $downloads
    }

    It 'accepts job IDs as the first argument, and then the path as the second' {
        (Save-BananaImage $job.JobId "$TestDrive/first").DirectoryName | Should -Be (Get-Item "$TestDrive/first").FullName
        Save-BananaImage $job.JobId, $job.JobId -Path "$TestDrive/several" -ErrorAction SilentlyContinue | Should -HaveCount 1
        Push-Location "$TestDrive/first"
        try {
            (Save-BananaImage $job.JobId -SkipExisting).DirectoryName | Should -Be (Get-Item .).FullName
        }
        finally {
            Pop-Location
        }
    }

    It 'rejects a job ID or a URL as a path' {
        { $job | Save-BananaImage $job.JobId } | Should -Throw
        { $job | Save-BananaImage -Path $job.JobId } | Should -Throw '*is a job ID, not a path. Use -JobId.*'
        { $job | Save-BananaImage -Path $job.ImageUrl.AbsoluteUri } | Should -Throw '*is a URL, not a path. Use -Uri.*'
    }

    It 'saves an image with the extension of its format if the file name has another one, and writes an error' {
        $files = $job | Save-BananaImage "$TestDrive/beside/kite.png" -ErrorAction SilentlyContinue -ErrorVariable mismatch
        $files.Name | Should -Be 'kite.jpg'
        (Get-ChildItem "$TestDrive/beside").Name | Should -Be 'kite.jpg'
        $mismatch.FullyQualifiedErrorId | Should -BeLike 'BananaImageFormatMismatch,*'
        "$mismatch" | Should -BeLike "*format of the image is jpg*cannot be named 'kite.png'*saved as *kite.jpg*"
        $mismatch.TargetObject.JobId | Should -Be $job.JobId
    }

    It 'rejects an unsupported extension before any prompt is submitted' {
        $before = $emulator.Counts.Submissions
        { New-BananaImage 'a kite' | Save-BananaImage "$TestDrive/kite.bmp" } | Should -Throw -ErrorId 'BananaPathInvalid,*'
        $emulator.Counts.Submissions | Should -Be $before
        Test-Path "$TestDrive/kite.bmp" | Should -BeFalse
        ($job | Save-BananaImage "$TestDrive/kites.bmp/").Directory.Name | Should -Be 'kites.bmp'
    }

    It 'recognizes the image of a job by its ID with -SkipExisting, regardless of the prompt' {
        $listed = Get-BananaJob | Where-Object JobId -EQ $job.JobId
        $listed.Prompt | Should -BeNullOrEmpty
        $named = $job | Save-BananaImage "$TestDrive/by-id"
        ($listed | Save-BananaImage "$TestDrive/by-id" -SkipExisting).FullName | Should -Be $named.FullName
        Get-ChildItem "$TestDrive/by-id" | Should -HaveCount 1

        $unnamed = $listed | Save-BananaImage "$TestDrive/by-id-2"
        ($job | Save-BananaImage "$TestDrive/by-id-2" -SkipExisting).FullName | Should -Be $unnamed.FullName
        Get-ChildItem "$TestDrive/by-id-2" | Should -HaveCount 1
    }

    It 'rejects -Force together with -SkipExisting' {
        { $job | Save-BananaImage "$TestDrive/both" -Force -SkipExisting } | Should -Throw -ErrorId 'BananaRequestInvalid,*'
        Test-Path "$TestDrive/both" | Should -BeFalse
        $job | Save-BananaImage "$TestDrive/both" -Force:$false -SkipExisting | Should -HaveCount 1
    }

    It 'names files according to -FileName' {
        ($job | Save-BananaImage "$TestDrive/named" -FileName 'Hero Image').Name | Should -Be 'Hero Image.jpg'
        ($job | Save-BananaImage "$TestDrive/named" -FileName { "$($_.Prompt) in $($_.Resolution).jpg" }).Name | Should -Be 'a kite in 512px.jpg'
        ($job.JobId | Save-BananaImage "$TestDrive/named" -FileName { "sku/$($_.Model)" }).Name | Should -Be 'sku-nano-banana-2.jpg'
        ($job | Save-BananaImage "$TestDrive/named" -FileName { $_.AspectRatio }).Name | Should -BeLike 'a-kite-*.jpg'
        ($job.ImageUrl | Save-BananaImage "$TestDrive/named" -FileName byaddress).Name | Should -Be 'byaddress.jpg'
    }

    It 'rejects a -FileName that another image of the command already has' {
        $jobs = $job, (New-BananaImage 'b' | Wait-BananaJob)
        $files = $jobs | Save-BananaImage "$TestDrive/common" -FileName same -ErrorAction SilentlyContinue -ErrorVariable refused
        $files | Should -HaveCount 1
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaPathInvalid,*'
        $refused.TargetObject.JobId | Should -Be $jobs[1].JobId
        "$refused" | Should -BeLike '*Another image of this command is already saved as*Set -FileName to a script block*'
    }

    It 'rejects a name without any allowed character, and a script block that fails' {
        $job | Save-BananaImage "$TestDrive/none" -FileName '...' -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        "$refused" | Should -BeLike "*FileName '...' contains no character*"

        $job | Save-BananaImage "$TestDrive/none" -FileName { throw 'no name today' } -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        "$refused" | Should -BeLike "*script block * of -FileName failed: no name today*"
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaRequestInvalid,*'
    }

    It 'prevents <_> in the script block of -FileName from ending a loop or a script of the caller' -ForEach 'break', 'continue', 'exit', 'break outer' {
        $names = [scriptblock]::Create("if (`$_.Prompt -eq 'b') { $_ } else { 'name' }")
        $jobs = (New-BananaImage 'b' | Wait-BananaJob), $job
        $rounds = 0
        :outer foreach ($round in 1, 2) {
            $files = $jobs | Save-BananaImage "$TestDrive/flow" -FileName $names -Force -ErrorAction SilentlyContinue -ErrorVariable refused
            $files | Should -HaveCount 1
            $refused.FullyQualifiedErrorId | Should -BeLike 'BananaRequestInvalid,*'
            "$refused" | Should -BeLike '*FileName*break, continue, or exit*'
            $rounds++
        }

        $rounds | Should -Be 2
    }

    It 'accepts a file name that -FileName returns with a return statement' {
        ($job | Save-BananaImage "$TestDrive/return" -FileName { if ($_) { return 'early' }; 'late' }).Name | Should -Be 'early.jpg'
    }

    It 'writes nothing with -WhatIf' {
        $job | Save-BananaImage "$TestDrive/whatif" -WhatIf
        Test-Path "$TestDrive/whatif" | Should -BeFalse
    }

    It 'writes an error with the job as TargetObject if the folder cannot be created, and processes the other jobs' {
        Set-Content "$TestDrive/a-file" 'x'
        $job, (New-BananaImage 'b' | Wait-BananaJob) | Save-BananaImage "$TestDrive/a-file/sub" -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -Be (@('BananaWriteFailed,Apiframe.NanoBanana.Commands.SaveBananaImageCommand') * 2)
        ($failed[0].TargetObject | Save-BananaImage "$TestDrive/elsewhere").Length | Should -BeGreaterThan 100
    }

    It 'writes an error if the folder is read-only' {
        # Permissions do not apply to root, but even root cannot create a folder in /proc.
        $folder = if ($OnLinux) { '/proc/banana' } else { New-Item -ItemType Directory "$TestDrive/read-only" }
        if ($OnMacOS) { chmod 500 $folder }
        if ($OnWindows) { icacls $folder /deny "$($env:USERNAME):(W)" | Out-Null }
        $job | Save-BananaImage $folder -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'BananaWriteFailed,*'
    }

    It 'accepts a URL instead of a job, and needs no key for it' {
        $url, $key = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY
        try {
            $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $null, $null
            $job.ImageUrl | Save-BananaImage "$TestDrive/uri" | Get-ImageFormat | ForEach-Object Width | Should -Be 512
            "$($job.ImageUrl)" | Save-BananaImage "$TestDrive/text" | Should -HaveCount 1
            Save-BananaImage "$TestDrive/named" -Uri $job.ImageUrl | Should -HaveCount 1
        }
        finally {
            $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
        }
    }

    It 'rejects a URL that is not an http or https URL' {
        Save-BananaImage $TestDrive -Uri 'file:///etc/hostname' -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaRequestInvalid,*'
    }

    It 'writes an error that suggests saving again if the image is not at its URL' {
        $connection = New-BananaConnection -DownloadTimeoutSec 1
        Save-BananaImage $TestDrive -Uri "$($emulator.BaseUri)files/00000000-0000-4000-8000-000000000000-1.png" -Connection $connection -ErrorAction SilentlyContinue -ErrorVariable missing
        $missing.FullyQualifiedErrorId | Should -BeLike 'BananaDownloadFailed,*'
        "$missing" | Should -BeLike '*404*Save-BananaImage*Saving costs nothing*'
        "$missing" | Should -Not -BeLike '*New-BananaImage*'
        Get-ChildItem $TestDrive -Filter *.partial | Should -BeNullOrEmpty
    }

    It 'saves images that are available only after a delay' {
        $late = Start-BananaEmulator -GenerationTimeSec 0 -Fault ImageLate -FaultDurationSec 2
        try {
            $connection = New-BananaConnection $late.ApiKey -BaseUri $late.BaseUri
            'a', 'b' | New-BananaImage -Connection $connection -Resolution 512px | Wait-BananaJob | Save-BananaImage "$TestDrive/late" | Should -HaveCount 2
            $late.Counts.FaultsByName['ImageLate'] | Should -BeGreaterThan 0
        }
        finally {
            $late | Stop-BananaEmulator
        }
    }

    It 'says for an expired image that a new one is billed before it suggests one, and suggests none for a URL' {
        $gone = Start-BananaEmulator -GenerationTimeSec 0 -Fault DownloadGone410
        try {
            $lost = New-BananaImage x -Connection (New-BananaConnection $gone.ApiKey -BaseUri $gone.BaseUri) | Wait-BananaJob
            $lost, $lost.ImageUrl | Save-BananaImage "$TestDrive/gone" -ErrorAction SilentlyContinue -ErrorVariable expired
        }
        finally {
            $gone | Stop-BananaEmulator
        }

        $expired.FullyQualifiedErrorId | Should -BeLike 'BananaImageExpired,*'
        "$($expired | Where-Object TargetObject -is [uri])" | Should -Not -BeLike '*New-BananaImage*'
        $text = "$($expired | Where-Object TargetObject -isnot [uri])"
        $text | Should -BeLike '*the new image is billed*New-BananaImage*'
        $text.IndexOf('billed again') | Should -BeLessThan $text.IndexOf('New-BananaImage')
    }

    It 'does not download from the local computer if the service of the job is on another computer' {
        $body = @{ event = 'completed'; jobId = $job.JobId; status = 'COMPLETED'; result = @{ images = @("$($job.ImageUrl)") } } | ConvertTo-Json
        $url = $env:APIFRAME_BASE_URL
        try {
            $env:APIFRAME_BASE_URL = 'https://api.example.invalid'
            $named = $body | ConvertFrom-BananaWebhook -Signature (Get-WebhookSignature $body $env:APIFRAME_API_KEY)
            $named | Save-BananaImage "$TestDrive/refused" -ErrorAction SilentlyContinue -ErrorVariable refused
        }
        finally {
            $env:APIFRAME_BASE_URL = $url
        }

        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaImageAddressRefused,*'
        $refused.TargetObject.JobId | Should -Be $job.JobId
    }
}
