BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'New-BananaImage -Journal' {
    BeforeEach {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $journal = Join-Path $TestDrive "$([guid]::NewGuid())/autumn.jsonl"
        $images = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach {
        $emulator | Stop-BananaEmulator
    }

    It 'makes each image once, and a second run returns the same files without a request' {
        $first = 'a', 'b', 'a' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $images
        $requests = $emulator.Counts.Requests
        $second = 'a', 'b', 'a' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $images

        $first | Should -HaveCount 3
        ($second.FullName | Sort-Object) | Should -Be ($first.FullName | Sort-Object)
        $emulator.Counts.Requests | Should -Be $requests
    }

    It 'returns the jobs that an earlier run has submitted, and submits the rest' {
        $submitted = 'a', 'b' | New-BananaImage -Journal $journal

        $files = 'a', 'b', 'c' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $images

        $files | Should -HaveCount 3
        $files.Job.JobId | Should -Contain $submitted[0].JobId
        $emulator.Counts.ImagesBilled | Should -Be 3
    }

    It 'restores a deleted file from the same job' {
        'a' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $images | Remove-Item

        'a' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $images | Should -Exist

        $emulator.Counts.ImagesBilled | Should -Be 1
    }

    It 'returns the saved file from its original folder, and downloads it again with -Force' {
        $file = 'a' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $images

        'a' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage "$images-2" | ForEach-Object FullName | Should -Be $file.FullName
        'a' | New-BananaImage -Journal $journal | Save-BananaImage "$images-2" -Force | ForEach-Object DirectoryName | Should -Be "$images-2"
    }

    It 'writes a journal that Wait-BananaJob and Save-BananaImage keep open until they end' {
        $lock = { [System.IO.File]::Open("$journal.lock", 'Open', 'ReadWrite', 'None').Dispose() }
        $job = 'a' | New-BananaImage -Journal $journal

        $waited = $job | Wait-BananaJob | ForEach-Object { $lock | Should -Throw; $_ }
        $lock | Should -Not -Throw
        $waited | Save-BananaImage $images | ForEach-Object { $lock | Should -Throw; $_ } | Should -HaveCount 1
        $lock | Should -Not -Throw
    }

    It 'records an image that -SkipExisting finds, unless its file name does not identify the job' {
        $job = 'a' | New-BananaImage -Journal $journal | Wait-BananaJob
        # A job that is specified by its ID has no reference to the journal.
        $file = Save-BananaImage $job.JobId $images
        Copy-Item $file "$images/any.jpg"
        $job | Save-BananaImage "$images/any.jpg" -SkipExisting | Should -HaveCount 1
        $job | Save-BananaImage $images -SkipExisting -WhatIf | Out-Null
        (Get-BananaJournal $journal).State | Should -Be 'Completed'

        ($job | Save-BananaImage $images -SkipExisting).FullName | Should -Be $file.FullName
        (Get-BananaJournal $journal).State | Should -Be 'Saved'
        (Get-BananaJournal $journal).File | Should -Be $file.FullName
    }

    It 'writes missing metadata beside a saved file' {
        'a' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $images | Out-Null

        $file = 'a' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $images -Metadata

        (Get-Content "$($file.FullName).json" -Raw | ConvertFrom-Json).prompt | Should -Be 'a'
    }

    It 'resubmits a failed image under another idempotency key' {
        $failing = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -FailureRate 1
        try {
            $first = 'a' | New-BananaImage -Journal $journal
            $first | Wait-BananaJob -ErrorAction SilentlyContinue
            $second = 'a' | New-BananaImage -Journal $journal
            $second.JobId | Should -Not -Be $first.JobId
            $second.IdempotencyKey | Should -Not -Be $first.IdempotencyKey
        }
        finally {
            $failing | Stop-BananaEmulator
        }
    }

    It 'records the job before the next cmdlet receives it' {
        'a' | New-BananaImage -Journal $journal | ForEach-Object {
            Get-Content $journal | Select-Object -Last 1 | ConvertFrom-Json | ForEach-Object jobId | Should -Be $_.JobId
        }
    }

    It 'shows with -WhatIf what would be submitted, and does not change the journal' {
        'a' | New-BananaImage -Journal $journal | Out-Null
        $before = Get-FileHash $journal

        $said = Invoke-FreshPowerShell "'a', 'b' | New-BananaImage -Journal '$journal' -WhatIf"
        Invoke-FreshPowerShell "'a', 'b' | New-BananaImage -Journal '$journal.new' -WhatIf" | Out-Null

        ($said -match 'Total: 1 image') | Should -Not -BeNullOrEmpty
        (Get-FileHash $journal).Hash | Should -Be $before.Hash
        "$journal.new" | Should -Not -Exist
    }

    It 'does not count images that the journal already contains toward -MaximumCredit' {
        'a', 'b', 'c' | New-BananaImage -Journal $journal | Out-Null

        'a', 'b', 'c', 'd' | New-BananaImage -Journal $journal -MaximumCredit 15 -ErrorVariable failed | Should -HaveCount 4

        $failed | Should -BeNullOrEmpty
    }

    It 'can be a column of a CSV, and a blank cell means no journal' {
        $rows = "Prompt,Journal`nd,$journal`ne," | ConvertFrom-Csv
        $first = $rows | New-BananaImage
        $second = $rows | New-BananaImage

        @($first; $second).JobId | Select-Object -Unique | Should -HaveCount 3
    }

    It 'writes an error for a row whose path is not valid in this session, and prompts that were not submitted can be piped again' {
        $rows = [pscustomobject]@{ Prompt = 'a'; Journal = '' }, [pscustomobject]@{ Prompt = 'b'; Journal = 'Nowhere:\b.jsonl' }, [pscustomobject]@{ Prompt = 'c'; Journal = '' }
        $made = $rows | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable refused

        "$refused" | Should -BeLike "*'Nowhere:\b.jsonl' is not a valid path in this session*"
        @($made.Prompt) + @($refused.TargetObject.Prompt) | Where-Object { $_ } | Sort-Object | Should -Be 'a', 'c'
    }

    It 'cannot be combined with an idempotency scope' {
        New-BananaImage 'a' -Journal $journal -IdempotencyScope night -ErrorAction SilentlyContinue -ErrorVariable failed

        $failed.FullyQualifiedErrorId | Should -Be 'BananaRequestInvalid,Apiframe.NanoBanana.Commands.NewBananaImageCommand'
        $emulator.Counts.Submissions | Should -Be 0
    }

    It 'throws an error before any request is sent when <Case>' -ForEach @(
        @{ Case = 'its path is a folder'; Id = 'BananaJournalNotWritable'; Content = $null }
        @{ Case = 'the file is not a journal'; Id = 'BananaJournalDamaged'; Content = "Prompt;Resolution`na;4K`n" }
        @{ Case = 'the file is of a later format'; Id = 'BananaJournalUnsupported'; Content = '{"event":"journal","version":2,"id":"5c2b9a7e-0d4f-4a61-b3c8-9e1f2a3b4c5d","createdAt":"2026-11-20T09:00:00.000Z"}' + "`n" }
    ) {
        $path = if ($Content) { New-Item "$TestDrive/$([guid]::NewGuid()).jsonl" -Value $Content } else { $TestDrive }

        { 'a' | New-BananaImage -Journal $path } | Should -Throw -ErrorId "$Id,Apiframe.NanoBanana.Commands.NewBananaImageCommand"

        $emulator.Counts.Requests | Should -Be 0
    }

    It 'treats the path as literal and relative to the current location, and creates the folder' {
        Push-Location $TestDrive
        try {
            'a' | New-BananaImage -Journal './new [1]/autumn.jsonl' | Out-Null
            Test-Path -LiteralPath "$TestDrive/new [1]/autumn.jsonl" | Should -BeTrue
        }
        finally {
            Pop-Location
        }
    }

    It 'uses one journal although the current location changes in the pipeline' {
        $first = New-Item "$TestDrive/first" -ItemType Directory
        $second = New-Item "$TestDrive/second" -ItemType Directory
        Push-Location $first
        try {
            'a', 'b' | ForEach-Object { $_; Set-Location $second } | New-BananaImage -Journal ./moved.jsonl | Out-Null
        }
        finally {
            Pop-Location
        }

        @(Get-BananaJournal -Path "$first/moved.jsonl").Prompt | Should -Be 'a', 'b'
        "$second/moved.jsonl" | Should -Not -Exist
    }
}
