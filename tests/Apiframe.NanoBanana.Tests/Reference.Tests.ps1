BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    # The local files that these tests use as references are also made with the emulator.
    $photos = 'one', 'two', 'three' | New-BananaImage -OutputFormat png -Resolution 512px | Wait-BananaJob | Save-BananaImage "$TestDrive/photos"
    $job = New-BananaImage 'a chair' -AspectRatio 16:9 -Resolution 512px | Wait-BananaJob
    $image = "$($job.ImageUrl)"
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'New-BananaImage -ReferenceImage' {
    It 'uploads a local file once for three prompts' {
        $before = $emulator.Counts
        $jobs = 'in snow', 'at night', 'in space' | New-BananaImage -ReferenceImage $photos[0].FullName

        $jobs | Should -HaveCount 3
        $emulator.Counts.Uploads | Should -Be ($before.Uploads + 1)
        $emulator.Counts.JobsAccepted | Should -Be ($before.JobsAccepted + 3)
        $jobs.ReferenceImage | Select-Object -Unique | Should -BeLike 'http://127.0.0.1:*/files/uploads/*'
        $jobs | Wait-BananaJob | Should -HaveCount 3
    }

    It 'accepts <Name>' -ForEach @(
        @{ Name = 'a file'; Reference = { Get-Item $photos[0] }; Count = 1 }
        @{ Name = 'files from Get-ChildItem'; Reference = { Get-ChildItem "$TestDrive/photos" }; Count = 3 }
        @{ Name = 'a pattern'; Reference = { "$TestDrive/photos/t*.png" }; Count = 2 }
        @{ Name = 'a path from here'; Reference = { Push-Location "$TestDrive/photos"; './' + $photos[1].Name }; Count = 1 }
        @{ Name = 'a PowerShell drive'; Reference = { 'TestDrive:/photos/' + $photos[1].Name }; Count = 1 }
        @{ Name = 'a finished job'; Reference = { $job }; Count = 1 }
        @{ Name = 'a job that went through JSON'; Reference = { $job | ConvertTo-Json | ConvertFrom-Json }; Count = 1 }
        @{ Name = 'an upload'; Reference = { Send-BananaFile $photos[0] }; Count = 1 }
        @{ Name = 'a URL object'; Reference = { [uri]'https://files.example.net/a.png' }; Count = 1 }
        @{ Name = 'all of it together'; Reference = { $photos[0], 'https://files.example.net/a.png', $job, "$TestDrive/photos/t*" }; Count = 5 }
        @{ Name = 'a cell of a CSV'; Reference = { "$($photos[0]);https://files.example.net/a.png" }; Count = 2 }
        @{ Name = 'a cell with spaces and blank parts'; Reference = { "https://files.example.net/a.png ; $($photos[0]);;" }; Count = 2 }
    ) {
        try {
            $made = New-BananaImage 'a kite' -ReferenceImage (& $Reference) -ErrorAction Stop
            @($made.ReferenceImage) | Should -HaveCount $Count
            $made.ReferenceImage | Should -Match '^https?://'
        }
        finally {
            Pop-Location
        }
    }

    It 'keeps the references in the TargetObject of an error about another parameter, which can be piped again' {
        $given = $photos[0].FullName, 'https://files.example.net/a.png'
        New-BananaImage 'a kite' -OutputFormat gif -ReferenceImage $given -ErrorVariable refused -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $refused[0].TargetObject.ReferenceImage | Should -Be $given
        ($refused[0].TargetObject | New-BananaImage -OutputFormat png -ErrorAction Stop).ReferenceImage | Should -HaveCount 2
    }

    It 'accepts a file whose name looks like a pattern' {
        Copy-Item $photos[0] -Destination "$TestDrive/a[1].png"
        (New-BananaImage 'a kite' -ReferenceImage "$TestDrive/a[1].png").ReferenceImage | Should -HaveCount 1
    }

    It 'binds by property name' {
        $rows = [pscustomobject]@{ Prompt = 'a'; ReferenceImage = Get-Item $photos[0] }, [pscustomobject]@{ Prompt = 'b'; ReferenceImage = $job }
        $rows | New-BananaImage | ForEach-Object { @($_.ReferenceImage) | Should -HaveCount 1 }
    }

    It 'rejects <Name> before any request is sent, and submits the other prompts' -ForEach @(
        @{ Name = '15 references'; Bad = { , (@('https://files.example.net/a.png') * 15) }; Text = '*15 images. At most 14*' }
        @{ Name = 'a text file named .png'; Bad = { Set-Content "$TestDrive/text.png" 'text'; "$TestDrive/text.png" }; Text = '*text.png*is not a PNG, JPEG, WebP, or GIF file. Its first bytes do not match*' }
        @{ Name = 'a 26 MB file'; Bad = { Copy-Item $photos[0] "$TestDrive/big.png" -Force; $s = [IO.File]::OpenWrite("$TestDrive/big.png"); $s.SetLength(26MB); $s.Dispose(); "$TestDrive/big.png" }; Text = '*big.png*26.0 MB. At most 25 MB*' }
        @{ Name = 'a file that is not there'; Bad = { 'nowhere.png' }; Text = '*nowhere.png*is not an http or https URL, and no file with this path exists*' }
        @{ Name = 'a pattern that matches nothing'; Bad = { "$TestDrive/*.tiff" }; Text = '*does not match any file*' }
        @{ Name = 'a folder'; Bad = { "$TestDrive" }; Text = '*is a folder*' }
        @{ Name = 'a file in a cell that is not there'; Bad = { 'https://files.example.net/a.png ; l1.jpg' }; Text = "*ReferenceImage '*l1.jpg' is not an http or https URL*" }
        @{ Name = 'a number'; Bad = { 7 }; Text = '*is of type Int32. Specify a URL*' }
        @{ Name = 'a place that is not a file'; Bad = { 'Env:/PATH' }; Text = '*Environment provider*' }
        @{ Name = 'a path of another machine'; Bad = { 'Nowhere:\photos\a.png' }; Text = "*'Nowhere:\photos\a.png' is not a valid path in this session*" }
    ) {
        $before = $emulator.Counts.Requests
        New-BananaImage 'a kite' -ReferenceImage (& $Bad) -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaRequestInvalid,*'
        "$refused" | Should -BeLike $Text
        "$refused" | Should -BeLike '*No request was sent*'
        $emulator.Counts.Requests | Should -Be $before
        [pscustomobject]@{ Prompt = 'a kite'; ReferenceImage = & $Bad }, [pscustomobject]@{ Prompt = 'a boat' } | New-BananaImage -ErrorAction SilentlyContinue |
            ForEach-Object Prompt | Should -Be 'a boat'
    }

    It 'is billed once under an idempotency scope, and the second run returns the first job' {
        $before = $emulator.Counts.ImagesBilled
        $first = New-BananaImage 'scoped' -ReferenceImage $photos[0] -IdempotencyScope refs
        Copy-Item $photos[0] "$TestDrive/copy.png"
        $again = New-BananaImage 'scoped' -ReferenceImage "$TestDrive/copy.png" -IdempotencyScope refs -ErrorAction Stop
        "$($again.JobId) $($again.IdempotencyKey) $($again.Prompt)" | Should -Be "$($first.JobId) $($first.IdempotencyKey) scoped"
        $again | Wait-BananaJob | Should -HaveCount 1
        $emulator.Counts.ImagesBilled | Should -Be ($before + 1)
    }

    It 'is billed once under an idempotency scope if two jobs match, and the second run writes an error that says that it was not billed' {
        $before = $emulator.Counts.ImagesBilled
        $twins = 'twins', 'twins'
        $twins | New-BananaImage -ReferenceImage $photos[0] -IdempotencyScope refs | Should -HaveCount 2
        $twins | New-BananaImage -ReferenceImage $photos[0] -IdempotencyScope refs -ErrorAction SilentlyContinue -ErrorVariable again | Should -BeNullOrEmpty
        $again | Should -HaveCount 2
        $again[0].FullyQualifiedErrorId | Should -BeLike 'BananaIdempotencyConflict,*'
        "$($again[0])" | Should -BeLike '*does not report which job of the account*This run was not billed*Get-BananaJob -After*'
        "$($again[0])" | Should -Not -BeLike '*omit the parameter*'
        "$($again[0])" | Should -Not -BeLike '*Nothing was billed*'
        $again[0].Exception.Charge | Should -Be 'Billed'
        $emulator.Counts.ImagesBilled | Should -Be ($before + 2)
    }
}

Describe 'A job that is piped to New-BananaImage' {
    It 'is edited if a prompt is specified' {
        $edited = $job | New-BananaImage 'the same, at night' | Wait-BananaJob
        $edited.Prompt | Should -Be 'the same, at night'
        $edited.ReferenceImage | Should -Be $image
        $edited.AspectRatio | Should -Be '16:9'
        $edited.JobId | Should -Not -Be $job.JobId
        $edited.IdempotencyKey | Should -Not -Be $job.IdempotencyKey
    }

    It 'is edited in the middle of a pipeline' {
        New-BananaImage 'a chair' -Resolution 512px | Wait-BananaJob | New-BananaImage -Prompt 'same, at night', 'same, in snow' | Wait-BananaJob |
            Save-BananaImage "$TestDrive/edits" | Should -HaveCount 2
    }

    It 'is the first reference, before those in -ReferenceImage, and its own references are not used again' {
        $edited = $job | New-BananaImage 'with this lamp' -ReferenceImage 'https://files.example.net/lamp.png'
        $edited.ReferenceImage | Should -Be @($image, 'https://files.example.net/lamp.png')
        ($edited | Wait-BananaJob | New-BananaImage 'again').ReferenceImage | Should -HaveCount 1
    }

    It 'is edited in any form: <Name>' -ForEach @(
        @{ Name = 'CSV'; As = { $job | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'CLIXML'; As = { $job | Export-Clixml "$TestDrive/job.xml"; Import-Clixml "$TestDrive/job.xml" } }
        @{ Name = 'the list'; As = { Get-BananaJob | Where-Object JobId -EQ $job.JobId } }
        @{ Name = 'its id'; As = { [pscustomobject]@{ JobId = $job.JobId } } }
    ) {
        (& $As | New-BananaImage 'same, at night').ReferenceImage | Should -Be $image
    }

    It 'is edited under its own account and scope, although the next input is bound before the service has responded' {
        $accounts = 1..2 | ForEach-Object { Start-BananaEmulator -GenerationTimeSec 0 }
        try {
            $made = $accounts | ForEach-Object { New-BananaImage 'a kite' -Connection (New-BananaConnection $_.ApiKey -BaseUri $_.BaseUri) }
            # The jobs are not completed yet, so each is requested before it is edited.
            $made | New-BananaImage 'at night' -ErrorAction Stop | Should -HaveCount 2
            $accounts | ForEach-Object { $_.Counts.JobsAccepted } | Should -Be 2, 2
        }
        finally {
            $accounts | Stop-BananaEmulator
        }

        $rows = 'a', 'b' | ForEach-Object { [pscustomobject]@{ JobId = $job.JobId; IdempotencyScope = $_ } }
        $first = $rows | New-BananaImage 'at dawn' -ErrorAction Stop
        $again = $rows[1], $rows[0] | New-BananaImage 'at dawn' -ErrorAction Stop
        $first.JobId | Select-Object -Unique | Should -HaveCount 2
        $again.JobId | Sort-Object | Should -Be ($first.JobId | Sort-Object)
    }

    It 'causes an error if it is not finished, and no image is made' {
        $slow = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600
        try {
            $running = New-BananaImage 'a chair'
            $running | New-BananaImage 'at night' -ErrorAction SilentlyContinue -ErrorVariable refused
            $refused.FullyQualifiedErrorId | Should -BeLike 'BananaJobNotFinished,*'
            $refused.TargetObject.JobId | Should -Be $running.JobId
            $slow.Counts.JobsAccepted | Should -Be 1
        }
        finally {
            $slow | Stop-BananaEmulator
        }
    }

    It 'is resubmitted if no prompt is specified' {
        $again = $job | New-BananaImage
        $again.Prompt | Should -Be 'a chair'
        $again.ReferenceImage | Should -BeNullOrEmpty
        $again.JobId | Should -Not -Be $job.JobId
    }
}

Describe 'A file that is piped to New-BananaImage' {
    It 'is edited in its own job, and is the first reference, before those in -ReferenceImage' {
        $before = $emulator.Counts.Uploads
        $jobs = Get-ChildItem "$TestDrive/photos" | New-BananaImage 'at night' -ReferenceImage 'https://files.example.net/lamp.png'

        $jobs | Should -HaveCount 3
        $emulator.Counts.Uploads | Should -Be ($before + 3)
        $jobs | ForEach-Object { $_.Prompt | Should -Be 'at night'; $_.ReferenceImage | Should -HaveCount 2; $_.ReferenceImage[0] | Should -BeLike '*/files/uploads/*' }
        $jobs.ReferenceImage | Where-Object { $_ -like '*lamp.png' } | Should -HaveCount 3
    }

    It 'is edited with the options of its job if Save-BananaImage has returned it' {
        $saved = New-BananaImage 'a harbour' -AspectRatio 16:9 -Resolution 512px -OutputFormat webp | Wait-BananaJob | Save-BananaImage "$TestDrive/seasons"
        $winter = $saved | New-BananaImage 'the same in winter' | Wait-BananaJob
        $typed = $saved | New-BananaImage 'the same in winter' -Resolution 2K

        "$($winter.AspectRatio) $($winter.Resolution) $($winter.OutputFormat)" | Should -Be '16:9 512px webp'
        "$($typed.AspectRatio) $($typed.Resolution)" | Should -Be '16:9 2K'
        $winter.ReferenceImage | Should -BeLike '*/files/uploads/*' -Because 'what is on the disk counts'
        $winter | Save-BananaImage "$TestDrive/seasons" | Should -Exist
    }

    It 'can be an image whose background was removed' {
        $cut = $job | Edit-BananaImage -RemoveBackground | Wait-BananaJob | Save-BananaImage "$TestDrive/cut"
        "$(($cut | New-BananaImage 'on a beach').Model)" | Should -Be 'nano-banana-2'
        ($cut | Edit-BananaImage -Upscale 2).Prompt | Should -Be 'a chair'
    }

    It 'is recognized by its content when a batch with a journal is run again' {
        $own = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        try {
            $run = {
                'a', 'b' | New-BananaImage -Resolution 512px -Journal "$TestDrive/seasons.jsonl" | Wait-BananaJob | Save-BananaImage "$TestDrive/run" |
                    New-BananaImage 'in winter' -Journal "$TestDrive/seasons.jsonl" | Wait-BananaJob | Save-BananaImage "$TestDrive/run"
            }
            $first = & $run
            $requests = $own.Counts.Requests
            $second = & $run

            $first | Should -HaveCount 2
            $second.FullName | Sort-Object | Should -Be ($first.FullName | Sort-Object)
            $own.Counts.Requests | Should -Be $requests
        }
        finally {
            $own | Stop-BananaEmulator
        }
    }

    It 'can be an upload or a URL' {
        (Send-BananaFile $photos[0] | New-BananaImage 'at night').ReferenceImage | Should -BeLike '*/files/uploads/*'
        ($job.ImageUrl | New-BananaImage 'at night').ReferenceImage | Should -Be $image
    }

    It 'causes an error before any request is sent if it is <Name>' -ForEach @(
        @{ Name = 'a folder'; Piped = { Get-Item $TestDrive }; Options = @{ Prompt = 'at night' }; Text = "*ReferenceImage '*' is a folder*" }
        @{ Name = 'not an image'; Piped = { New-Item "$TestDrive/notes.txt" -Value 'text' -Force }; Options = @{ Prompt = 'at night' }; Text = "*notes.txt' is not a PNG*" }
        @{ Name = 'alone, without a prompt'; Piped = { Get-Item $photos[0] }; Options = @{}; Text = "*is a file. No request was sent. To edit the file, also specify a prompt, for example: Get-ChildItem*" }
    ) {
        $before = $emulator.Counts.Requests
        & $Piped | New-BananaImage @Options -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        "$($refused[0])" | Should -BeLike $Text
        $emulator.Counts.Requests | Should -Be $before
    }

    It 'is distinguished from numbers and strings, each of which only makes one more image of the prompt' {
        $jobs = @(1..2 | New-BananaImage 'a kite'; 'x', 'y' | New-BananaImage -Prompt 'a kite')
        $jobs | Should -HaveCount 4
        $jobs.ReferenceImage | Where-Object { $_ } | Should -BeNullOrEmpty
        $jobs.Prompt | Select-Object -Unique | Should -Be 'a kite'
    }
}

Describe 'Send-BananaFile' {
    It 'returns an upload for each file, from any kind of input' {
        $uploads = @(Send-BananaFile "$TestDrive/photos/*.png"; Get-ChildItem "$TestDrive/photos" | Send-BananaFile; $photos[0].FullName | Send-BananaFile)
        $uploads | Should -HaveCount 7
        $uploads[0].Url | Should -BeLike 'http://127.0.0.1:*/files/uploads/*.png'
        $uploads[0].ContentType | Should -Be 'image/png'
        $uploads[0].ByteSize | Should -BeGreaterThan 0
        $uploads[0].ExpiresAt | Should -BeGreaterThan ([DateTimeOffset]::UtcNow)
    }

    It 'writes an error for a file that cannot be uploaded, and uploads the others' {
        Set-Content "$TestDrive/photos.txt" 'text'
        Send-BananaFile "$TestDrive/photos.txt", $photos[0] -ErrorAction SilentlyContinue -ErrorVariable refused | Should -HaveCount 1
        "$refused" | Should -BeLike "File '*photos.txt' is not a PNG*"
        Send-BananaFile $TestDrive -ErrorAction SilentlyContinue -ErrorVariable folder
        "$folder" | Should -BeLike "File '*' is a folder*"
        Send-BananaFile "$TestDrive/*.tiff" -ErrorAction SilentlyContinue -ErrorVariable none
        "$none" | Should -BeLike "Path '*.tiff' does not match any file*"
        $refused[0].TargetObject | Should -BeLike '*photos.txt'
    }

    It 'sends no request with -WhatIf' {
        $before = $emulator.Counts.Requests
        Send-BananaFile $photos[0] -WhatIf | Should -BeNullOrEmpty
        $emulator.Counts.Requests | Should -Be $before
    }
}
