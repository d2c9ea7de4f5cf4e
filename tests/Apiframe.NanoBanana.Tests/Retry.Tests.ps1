BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'New-BananaImage -RetryFailed' {
    AfterEach {
        Get-BananaEmulator | Stop-BananaEmulator
    }

    It 'resubmits jobs that failed for lack of capacity while Wait-BananaJob runs, and bills each image once' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -Fault JobUnavailable=0.5 -Seed 2
        $lines = 1..6 | ForEach-Object { "prompt $_" } | New-BananaImage -RetryFailed 10 | Wait-BananaJob -Verbose 4>&1
        $jobs = @($lines | Where-Object { $_ -is [Apiframe.Client.BananaJob] })
        $told = @($lines | Where-Object { "$_" -like '*was submitted again as job*' })

        $jobs.Prompt | Sort-Object | Should -Be (1..6 | ForEach-Object { "prompt $_" })
        $jobs.Status | Select-Object -Unique | Should -Be 'COMPLETED'
        $told | Should -Not -BeNullOrEmpty -Because 'else nothing failed'
        $emulator.Counts.JobsAccepted | Should -Be (6 + $told.Count)
        $emulator.Counts.ImagesBilled | Should -Be 6
    }

    It 'resubmits a job at most the specified number of times, and then writes an error with the last job' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -Fault JobUnavailable
        $first = New-BananaImage 'a kite' -RetryFailed 1
        $first | Wait-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty

        $failed | Should -HaveCount 1
        $failed.FullyQualifiedErrorId | Should -BeLike 'BananaJobFailed,*'
        $failed[0].TargetObject.FailureReason | Should -Be 'Unavailable'
        $failed[0].TargetObject.JobId | Should -Not -Be $first.JobId
        $emulator.Counts.JobsAccepted | Should -Be 2
    }

    It 'does not resubmit <Name>' -ForEach @(
        @{ Name = 'a declined prompt'; Emulator = @{ FailureRate = 1 }; Options = @{ RetryFailed = 2 }; Id = 'BananaPromptDeclined' }
        @{ Name = 'an invalid input'; Emulator = @{}; Options = @{ RetryFailed = 2; ReferenceImage = 'nowhere' }; Id = 'BananaJobFailed' }
        @{ Name = 'a canceled job'; Emulator = @{ Fault = 'JobCancelled' }; Options = @{ RetryFailed = 2 }; Id = 'BananaJobCancelled' }
        @{ Name = 'anything without the permission'; Emulator = @{ Fault = 'JobUnavailable' }; Options = @{}; Id = 'BananaJobFailed' }
    ) {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 @Emulator
        if ($Options.ReferenceImage) { $Options.ReferenceImage = "$($emulator.BaseUri)files/nowhere.png" }

        New-BananaImage 'a kite' @Options | Wait-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failed

        $failed.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $emulator.Counts.JobsAccepted | Should -Be 1
    }

    It 'counts each image once toward -MaximumCredit' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -CreditCost 8 -Fault JobUnavailable=0.5 -Seed 4
        $jobs = 1..3 | ForEach-Object { "prompt $_" } | New-BananaImage -RetryFailed 10 -MaximumCredit 16 -ErrorAction SilentlyContinue -ErrorVariable rest | Wait-BananaJob

        $jobs | Should -HaveCount 2
        $rest[0].TargetObject | Should -HaveCount 1
        $emulator.Counts.CreditsBilled | Should -Be 16
    }

    It 'records each attempt in the journal, and a second run bills nothing' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -Fault JobUnavailable=0.5 -Seed 2
        $journal = "$TestDrive/retry.jsonl"
        $run = { 'a', 'b', 'c' | New-BananaImage -Journal $journal -RetryFailed 10 | Wait-BananaJob | Save-BananaImage "$TestDrive/retry" }
        $first = & $run
        $accepted = $emulator.Counts.JobsAccepted
        $second = & $run

        $first | Should -HaveCount 3
        $second.FullName | Sort-Object | Should -Be ($first.FullName | Sort-Object)
        $accepted | Should -BeGreaterThan 3 -Because 'else nothing failed'
        $emulator.Counts.JobsAccepted | Should -Be $accepted
        (Test-BananaJournal $journal).IsComplete | Should -BeTrue
        (Get-BananaJournal $journal).Attempt | Measure-Object -Maximum | ForEach-Object Maximum | Should -BeGreaterThan 1
    }

    It 'works for edits and can be a column of a CSV' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -Fault JobUnavailable=0.5 -Seed 1
        $made = "Prompt,RetryFailed`na,10`nb,10" | ConvertFrom-Csv | New-BananaImage | Wait-BananaJob
        $made | Edit-BananaImage -RemoveBackground -RetryFailed 10 | Wait-BananaJob | Should -HaveCount 2
        $emulator.Counts.JobsAccepted | Should -BeGreaterThan 4 -Because 'else nothing failed'
        $emulator.Counts.ImagesBilled | Should -Be 4
    }

    It 'returns the next job when Wait-BananaJob waits for the failed job again' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -Fault JobUnavailable=0.5 -Seed 2
        $jobs = 1..3 | ForEach-Object { "prompt $_" } | New-BananaImage -RetryFailed 10
        $first = $jobs | Wait-BananaJob
        $accepted = $emulator.Counts.JobsAccepted
        $second = $jobs | Wait-BananaJob

        $second.JobId | Sort-Object | Should -Be ($first.JobId | Sort-Object)
        $emulator.Counts.JobsAccepted | Should -Be $accepted
    }
}
