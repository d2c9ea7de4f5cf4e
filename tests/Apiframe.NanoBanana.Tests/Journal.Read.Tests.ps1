BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    $first = '{"event":"journal","version":1,"id":"5c2b9a7e-0d4f-4a61-b3c8-9e1f2a3b4c5d","createdAt":"2026-11-20T09:00:00.000Z"}'

    # Returns a line in the journal format that docs/journal.md describes.
    function Get-Line([string] $Event, [hashtable] $Fields) {
        [ordered]@{ event = $Event; at = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.fffZ') } + $Fields | ConvertTo-Json -Depth 4 -Compress
    }

    function Get-Intent([string] $Key, [string] $Prompt) {
        Get-Line intended @{
            key = $Key; fingerprint = "of $Key"; ordinal = 1; attempt = 1
            request = @{ model = 'nano-banana-2'; prompt = $Prompt; nanoBananaParams = @{ resolution = '2K'; output_format = 'png' } }
        }
    }

    function Get-Acceptance([string] $Key, [string] $JobId) {
        Get-Line accepted @{ key = $Key; jobId = $JobId; status = 'QUEUED' }
    }

    function New-JournalFile([string] $Name, [string[]] $Lines) {
        $path = Join-Path $TestDrive $Name
        [System.IO.File]::WriteAllText($path, (($Lines | ForEach-Object { "$_`n" }) -join ''))
        $path
    }

    $id = '7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90'
    $autumn = New-JournalFile autumn.jsonl @(
        $first
        Get-Intent k1 'A red kite'
        Get-Acceptance k1 $id
        Get-Line completed @{ jobId = $id; creditCost = 9; images = 1 }
        Get-Line saved @{ jobId = $id; index = 0; file = 'images/kite.png'; length = 1843201; sha256 = '9c1e' }
        Get-Intent k2 'A lighthouse'
        Get-Line refused @{ key = 'k2'; kind = 'InsufficientCredits' }
        Get-Intent k3 'A boat'
    )
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'Get-BananaJournal' {
    It 'returns an object for each image with everything that the journal records about it' {
        $images = Get-BananaJournal $autumn

        $images.State | Should -Be Saved, Refused, Intended
        $images.Prompt | Should -Be 'A red kite', 'A lighthouse', 'A boat'
        $images.IdempotencyKey | Should -Be k1, k2, k3
        $images[0] | ForEach-Object { $_.JobId, $_.Model, $_.Resolution, $_.OutputFormat, $_.CreditCost } | Should -Be $id, 'nano-banana-2', '2K', 'png', 9
        $images[0].File | Should -Be (Join-Path $TestDrive 'images/kite.png')
        $images[0].AcceptedAt | Should -BeOfType [DateTimeOffset]
        $images[1].Error | Should -Be InsufficientCredits
        $images.Journal | Should -Be @($autumn, $autumn, $autumn)
    }

    It 'needs no key and no service' {
        $url, $key = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY
        $env:APIFRAME_BASE_URL = 'https://192.0.2.1'
        $env:APIFRAME_API_KEY = $null
        try {
            Get-BananaJournal $autumn | Should -HaveCount 3
        }
        finally {
            $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
        }
    }

    It 'reads several journals in one command: <Name>' -ForEach @(
        @{ Name = 'a list of paths'; Read = { Get-BananaJournal $autumn, $winter } }
        @{ Name = 'a wildcard'; Read = { Get-BananaJournal "$TestDrive/several/*.jsonl" } }
        @{ Name = 'paths from the pipeline'; Read = { $autumn, $winter | Get-BananaJournal } }
        @{ Name = 'files from the pipeline'; Read = { Get-ChildItem "$TestDrive/several" | Get-BananaJournal } }
        @{ Name = 'files of .NET'; Read = { [System.IO.FileInfo]$autumn, [System.IO.FileInfo]$winter | Get-BananaJournal } }
        @{ Name = 'rows with a Path'; Read = { [pscustomobject]@{ Path = $autumn }, [pscustomobject]@{ Path = $winter } | Get-BananaJournal } }
    ) {
        New-Item "$TestDrive/several" -ItemType Directory -Force | Out-Null
        $winter = New-JournalFile several/winter.jsonl $first, (Get-Intent k9 'Snow')
        Copy-Item $autumn "$TestDrive/several"

        (& $Read).Prompt | Sort-Object | Should -Be 'A boat', 'A lighthouse', 'A red kite', 'Snow'
    }

    It 'treats brackets as literal with -LiteralPath, and as a wildcard with -Path unless a file has that name' {
        $bracketed = New-JournalFile '[a].jsonl' $first, (Get-Intent k1 'Brackets')
        New-JournalFile a.jsonl $first, (Get-Intent k1 'None') | Out-Null

        (Get-BananaJournal -LiteralPath $bracketed).Prompt | Should -Be Brackets
        (Get-BananaJournal $bracketed).Prompt | Should -Be Brackets
        (Get-BananaJournal "$TestDrive/[ab].jsonl").Prompt | Should -Be None
    }

    It 'returns nothing for a wildcard that matches no file, and for a journal without images' {
        Get-BananaJournal "$TestDrive/none*.jsonl" | Should -BeNullOrEmpty
        Get-BananaJournal (New-JournalFile empty.jsonl $first) | Should -BeNullOrEmpty
    }

    It 'returns only images in the states of -State' {
        (Get-BananaJournal $autumn -State Saved, Intended).Prompt | Should -Be 'A red kite', 'A boat'
        Get-BananaJournal $autumn -State Failed | Should -BeNullOrEmpty
        (TabExpansion2 'Get-BananaJournal x -State Com').CompletionMatches.CompletionText | Should -Be Completed
    }

    It 'reads a journal while another process writes to it, and ignores an incomplete last line' {
        $path = New-JournalFile busy.jsonl $first, (Get-Intent k1 'A kite')
        $writer = [System.IO.FileStream]::new($path, 'Append', 'Write', 'Read')
        try {
            $writer.Write([System.Text.Encoding]::UTF8.GetBytes('{"event":"accep'))
            $writer.Flush()
            (Get-BananaJournal $path).State | Should -Be Intended
        }
        finally {
            $writer.Dispose()
        }
    }

    It 'writes an error for a journal that cannot be read, and reads the others: <Name>' -ForEach @(
        @{ Name = 'missing'; Lines = $null; Id = 'BananaJournalNotFound'; Category = 'ObjectNotFound'; Text = '*does not exist*' }
        @{ Name = 'damaged'; Lines = '{"event":"journal","version":1,"id":"x","createdAt":"2026-11-20T09:00:00Z"}', 'torn', '{}'; Id = 'BananaJournalDamaged'; Category = 'InvalidData'; Text = '*Line 2*' }
        @{ Name = 'later'; Lines = '{"event":"journal","version":2,"id":"x","createdAt":"2026-11-20T09:00:00Z"}'; Id = 'BananaJournalUnsupported'; Category = 'InvalidData'; Text = '*format 2*' }
    ) {
        $path = if ($Lines) { New-JournalFile "$Name.jsonl" $Lines } else { Join-Path $TestDrive 'missing.jsonl' }

        $images = Get-BananaJournal $path, $autumn -ErrorAction SilentlyContinue -ErrorVariable problems

        $images | Should -HaveCount 3
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,Apiframe.NanoBanana.Commands.GetBananaJournalCommand"
        $problems[0].CategoryInfo.Category | Should -Be $Category
        $problems[0].TargetObject | Should -Be $path
        "$($problems[0])" | Should -BeLike $Text
    }

    It 'writes an error for a path that is not a file: <Name>' -ForEach @(
        @{ Name = 'a folder'; Path = '.'; Id = 'BananaJournalNotReadable' }
        @{ Name = 'another provider'; Path = 'Env:PATH'; Id = 'BananaJournalNotReadable' }
        @{ Name = 'a drive that is not there'; Path = 'Nowhere:\a.jsonl'; Id = 'BananaJournalNotReadable' }
    ) {
        Get-BananaJournal $Path -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -Be "$Id,Apiframe.NanoBanana.Commands.GetBananaJournalCommand"
    }

    It 'resolves a relative path from the current location' {
        Push-Location $TestDrive
        try {
            Get-BananaJournal autumn.jsonl | Should -HaveCount 3
        }
        finally {
            Pop-Location
        }
    }
}

Describe 'An image from a journal' {
    BeforeAll {
        $job = New-BananaImage 'A red kite over a lighthouse' -Resolution 2K
        $path = New-JournalFile piped.jsonl $first, (Get-Intent k1 'A red kite over a lighthouse'), (Get-Acceptance k1 $job.JobId), (Get-Intent k2 'No job')
        $image, $noJob = Get-BananaJournal $path

        # Returns the internal property Journal, which no view shows.
        function Get-JournalOf($Job) {
            $Job.GetType().GetProperty('Journal', [System.Reflection.BindingFlags]'NonPublic, Instance').GetValue($Job)
        }
    }

    It 'can be piped to Wait-BananaJob and Save-BananaImage, and its job keeps the journal and the prompt' {
        $ended = $image | Wait-BananaJob
        $ended | ForEach-Object { $_.JobId, $_.Status, $_.Prompt, $_.IdempotencyKey } | Should -Be $job.JobId, COMPLETED, $image.Prompt, k1
        "$(Get-JournalOf $ended)" | Should -Be $path

        ($image | Save-BananaImage "$TestDrive/piped").Name | Should -BeLike 'a-red-kite-over-a-lighthouse-*'
    }

    It 'can be piped to Get-BananaJob' {
        ($image | Get-BananaJob).Status | Should -Be COMPLETED
    }

    It 'is accepted as an argument in a list with jobs' {
        (Wait-BananaJob -InputObject $image, $job).JobId | Should -Be $job.JobId, $job.JobId
    }

    It 'keeps its journal when it is imported from <Name>' -ForEach @(
        @{ Name = 'a CSV file'; Trip = { $image | Export-Csv "$TestDrive/trip.csv"; Import-Csv "$TestDrive/trip.csv" } }
        @{ Name = 'JSON'; Trip = { $image | ConvertTo-Json -Depth 3 | ConvertFrom-Json } }
        @{ Name = 'CLIXML'; Trip = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($image)) } }
    ) {
        $ended = & $Trip | Wait-BananaJob
        $ended.JobId | Should -Be $job.JobId
        "$(Get-JournalOf $ended)" | Should -Be $path
    }

    It 'does not create a journal that does not exist' {
        $ended = [pscustomobject]@{ JobId = $job.JobId; Journal = "$TestDrive/elsewhere.jsonl" } | Wait-BananaJob
        Get-JournalOf $ended | Should -BeNullOrEmpty
        "$TestDrive/elsewhere.jsonl" | Should -Not -Exist
    }

    It 'causes an error that says what to do if it has no job, and the other images are processed' {
        $ended = $noJob, $image | Wait-BananaJob -ErrorAction SilentlyContinue -ErrorVariable problems
        $ended.JobId | Should -Be $job.JobId
        $problems | Should -HaveCount 1
        "$problems" | Should -BeLike "*'No job' has no job yet*New-BananaImage*"
        $problems[0].TargetObject | Should -Be $noJob
    }

    It 'is submitted by New-BananaImage with its own options and idempotency key' {
        $again = $noJob | New-BananaImage
        $again | ForEach-Object { $_.Prompt, $_.Resolution, $_.OutputFormat, $_.IdempotencyKey } | Should -Be 'No job', '2K', 'png', k2
    }
}

Describe 'The views of a journal' {
    It 'show one line of at most <_> columns for each image' -ForEach 80, 120 {
        $width = $_
        $lines = @(Get-BananaJournal $autumn | Format-Table | Out-String -Width $width -Stream | Where-Object { $_ })
        $lines | Should -HaveCount 5
        $lines | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual $width }
        $lines[0] -split '\s+' | Where-Object { $_ } | Should -Be Job, State, Resolution, Cost, Age, Prompt, File
        $lines[2] | Should -Match '^2f6c1d8e4b90 Saved +2K +9 +\d+ s A red kite +kite.png'
        $lines[3] | Should -Match '^ +Refused +2K +\d+ s A lighthouse'
    }

    It 'list the known properties, without empty ones' {
        $list = Get-BananaJournal $autumn -State Saved | Format-List | Out-String -Width 120 -Stream | Where-Object { $_ }
        $list | Should -Not -Match ': *$'
        $list -join "`n" | Should -Match '(?s)JobId +: 7d1f0c52.*State +: Saved.*CreditCost +: 9.*SavedAt +: .* ago\).*File +: .*kite.png.*Journal +: .*autumn.jsonl'
    }

    It 'show the prompt with Format-Wide' {
        Get-BananaJournal $autumn | Format-Wide -Column 1 | Out-String | Should -Match 'A lighthouse'
    }
}

Describe 'Test-BananaJournal' {
    BeforeEach {
        # A new emulator is an account without other jobs.
        $account = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $journal = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $files = 'a kite', 'a boat', 'a boat' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $folder
        $requests = $account.Counts.Requests
    }

    AfterEach {
        $account | Stop-BananaEmulator
    }

    It 'reports a complete batch after comparing it with the service in one request' {
        $receipt = Test-BananaJournal $journal

        $receipt.IsComplete | Should -BeTrue
        $receipt | ForEach-Object { $_.Prompts, $_.Jobs, $_.Bills, $_.Files } | Should -Be 3, 3, 3, 3
        $receipt.Credits | Should -Be ((Get-BananaJournal $journal | Measure-Object CreditCost -Sum).Sum)
        $account.Counts.Requests | Should -Be ($requests + 1)
        Test-BananaJournal $journal -Quiet | Should -BeExactly $true
    }

    It 'sends no request and needs no key with -Offline' {
        $key = $env:APIFRAME_API_KEY
        $env:APIFRAME_API_KEY = $null
        try {
            Test-BananaJournal $journal -Offline -Quiet | Should -BeTrue
            Test-BananaJournal $journal -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        }
        finally {
            $env:APIFRAME_API_KEY = $key
        }

        $problems[-1].FullyQualifiedErrorId | Should -Be 'BananaApiKeyMissing,Apiframe.NanoBanana.Commands.TestBananaJournalCommand'
        $account.Counts.Requests | Should -Be $requests
    }

    It 'finds files that are missing or changed, which Save-BananaImage restores' {
        $files[0] | Remove-Item
        $length = $files[1].Length
        [System.IO.File]::WriteAllBytes($files[1].FullName, [byte[]]::new($length))

        $receipt = Test-BananaJournal $journal
        $receipt.IsComplete | Should -BeFalse
        $receipt.Files | Should -Be 1
        $receipt.MissingFiles.File | Should -Be $files[0].FullName
        $receipt.ChangedFiles.File | Should -Be $files[1].FullName

        $receipt.MissingFiles | Save-BananaImage $folder | Should -HaveCount 1
        $receipt.ChangedFiles | Save-BananaImage $folder -Force | Should -HaveCount 1
        Test-BananaJournal $journal -Quiet | Should -BeTrue
    }

    It 'finds billed images that were not saved, which can be saved without another charge' {
        New-BananaImage 'not saved' -Journal $journal | Wait-BananaJob | Out-Null
        $billed = $account.Counts.ImagesBilled

        $receipt = Test-BananaJournal $journal
        $receipt.NotSaved.Prompt | Should -Be 'not saved'
        ($receipt.NotSaved | Save-BananaImage $folder).Name | Should -BeLike 'not-saved-*'

        Test-BananaJournal $journal -Quiet | Should -BeTrue
        $account.Counts.ImagesBilled | Should -Be $billed
    }

    It 'finds images without a job, which New-BananaImage submits in the same journal' {
        Add-Content $journal (Get-Intent k9 'never answered'), (Get-Intent k8 'refused'), (Get-Line refused @{ key = 'k8'; kind = 'InsufficientCredits' })

        $receipt = Test-BananaJournal $journal
        $receipt.Open.Prompt | Should -Be 'never answered'
        $receipt.Failed.Prompt | Should -Be 'refused'

        @($receipt.Open; $receipt.Failed) | New-BananaImage | Wait-BananaJob | Save-BananaImage $folder | Should -HaveCount 2
        $receipt = Test-BananaJournal $journal
        $receipt.IsComplete | Should -BeTrue
        $receipt.Prompts | Should -Be 5
    }

    It 'finds an image whose job failed, and New-BananaImage makes only that image again' {
        $failing = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -FailureRate 1
        try {
            New-BananaImage 'a boat' -Journal $journal -OutputFormat png | Wait-BananaJob -ErrorAction SilentlyContinue
        }
        finally {
            $failing | Stop-BananaEmulator
        }

        $failed = (Test-BananaJournal $journal -Offline).Failed
        $failed.OutputFormat | Should -Be png
        $failed | New-BananaImage | Wait-BananaJob | Save-BananaImage $folder | Should -HaveCount 1

        $images = Get-BananaJournal $journal
        $images | Should -HaveCount 4
        $images[3].Attempt | Should -Be 2
        Test-BananaJournal $journal -Offline -Quiet | Should -BeTrue
    }

    It 'finds jobs that are not in the journal, and distinguishes duplicates from other jobs' {
        $other = New-BananaImage 'somebody else' | Wait-BananaJob
        $receipt = Test-BananaJournal $journal
        $receipt.UnknownJobs.JobId | Should -Contain $other.JobId
        $receipt.Duplicates | Should -BeNullOrEmpty
        $receipt.IsComplete | Should -BeTrue

        $second = New-BananaImage 'a kite' | Wait-BananaJob
        $receipt = Test-BananaJournal $journal
        $receipt.Duplicates.JobId | Should -Be $second.JobId
        $receipt.Bills | Should -Be 4
        $receipt.IsComplete | Should -BeFalse
        $receipt.Duplicates | Save-BananaImage $folder | Should -HaveCount 1
    }

    It 'finds jobs in the journal that the account does not have' {
        $receipt = Test-BananaJournal $autumn
        $receipt.MissingJobs.JobId | Should -Be $id
        $receipt.IsComplete | Should -BeFalse
    }

    It 'returns one receipt for several journals that includes the jobs of each' {
        $second = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
        'a kite', 'snow' | New-BananaImage -Journal $second | Wait-BananaJob | Save-BananaImage $folder | Out-Null
        Copy-Item $second "$second.copy"

        $receipt = $journal, $second, "$second.copy" | Test-BananaJournal
        $receipt | Should -HaveCount 1
        $receipt.IsComplete | Should -BeTrue
        $receipt.Prompts | Should -Be 5
        $receipt.Journal | Should -HaveCount 3
        (Test-BananaJournal $second).UnknownJobs.JobId | Should -Contain (Get-BananaJournal $journal)[0].JobId
    }

    It 'reports an incomplete batch if a journal cannot be read, and returns nothing for a wildcard that matches no file' {
        $missing = Join-Path $TestDrive 'missing.jsonl'
        $receipt = Test-BananaJournal $journal, $missing -ErrorAction SilentlyContinue -ErrorVariable problems

        $problems.FullyQualifiedErrorId | Should -Be 'BananaJournalNotFound,Apiframe.NanoBanana.Commands.TestBananaJournalCommand'
        $receipt.NotRead | Should -Be $missing
        $receipt.IsComplete | Should -BeFalse
        Test-BananaJournal $missing -Quiet -ErrorAction SilentlyContinue | Should -BeExactly $false
        Test-BananaJournal "$TestDrive/none*.jsonl" | Should -BeNullOrEmpty
    }
}

Describe 'The view of a receipt' {
    BeforeAll {
        $account = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $journal = Join-Path $TestDrive "it's.jsonl"
        $files = 'a kite', 'a boat' | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage "$TestDrive/view"
    }

    AfterAll {
        $account | Stop-BananaEmulator
    }

    It 'shows only the summary if the batch is complete' {
        $list = Test-BananaJournal $journal -Offline | Out-String -Width 120 -Stream | Where-Object { $_ }
        $list[1] | Should -BeLike 'IsComplete : True: according to the journal and the files (the service was not queried)'
        ($list | ForEach-Object { ($_ -split ' ')[0] }) | Should -Be Journal, IsComplete, Prompts, Jobs, Bills, Files, Credits
    }

    It 'shows what is missing and the commands to continue with, which run as shown' {
        $files[0] | Remove-Item
        Add-Content $journal (Get-Intent k9 'never answered')
        $receipt = Test-BananaJournal $journal

        $text = $receipt | Out-String -Width 200
        $text | Should -Match 'IsComplete +: False'
        $text | Should -Match 'MissingFiles +: 1: saved images whose files no longer exist'
        $text | Should -Match 'Open +: 1: '

        Push-Location $TestDrive
        try {
            $commands = [Apiframe.NanoBanana.ReceiptText]::Next($receipt)
            $text.Replace(' ', '') | Should -BeLike "*$(($commands -split '\r?\n')[0].Replace(' ', '').Replace('[', '`['))*"
            & ([scriptblock]::Create($commands)) | Should -HaveCount 2
        }
        finally {
            Pop-Location
        }

        Test-BananaJournal $journal -Quiet | Should -BeTrue
    }

    It 'is the same for a receipt that is imported from CLIXML' {
        $receipt = Test-BananaJournal $autumn
        $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($receipt, 3))
        $back | Out-String -Width 160 | Should -Be ($receipt | Out-String -Width 160)
    }

    It 'has a table of the counts that fits into 80 columns' {
        $lines = Test-BananaJournal $autumn -Offline | Format-Table | Out-String -Width 80 -Stream | Where-Object { $_ }
        $lines[2] | Should -Match '^False +3 +1 +1 +0 +9$'
    }
}
