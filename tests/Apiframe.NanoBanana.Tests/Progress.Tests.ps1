BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 3 -GenerationTimeSpread 0

    # The progress records of a script, run in a runspace of this process.
    function Get-ProgressRecord([string] $Script) {
        $shell = [powershell]::Create()
        try {
            $shell.AddScript("Import-Module '$StagedModule'; $Script").Invoke() | Out-Null
            $shell.Streams.Progress.ReadAll()
        }
        finally {
            $shell.Dispose()
        }
    }
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'The progress bar' {
    It 'shows how many jobs are done, running, and failed, the highest progress, and the remaining time, and is removed at the end' {
        # Long enough that a busy computer also requests the status while the jobs run.
        $slow = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 12 -GenerationTimeSpread 0
        try {
            $records = Get-ProgressRecord "'a', 'b' | New-BananaImage | Wait-BananaJob" | Where-Object Activity -EQ 'Waiting for images'
        }
        finally {
            $slow | Stop-BananaEmulator
        }

        $records[0].StatusDescription | Should -Match '^0 of 2 done, 2 running, 0 failed'
        "$($records.StatusDescription)" | Should -Match '2 running, 0 failed, highest progress \d+%'
        $records[0].PercentComplete | Should -Be 0
        $records[0].SecondsRemaining | Should -BeGreaterThan 0
        $records[-1].RecordType | Should -Be 'Completed'
        @($records | Where-Object RecordType -EQ 'Completed').Count | Should -Be 1
    }

    It 'counts images, and not lookups of existing files' {
        $records = Get-ProgressRecord "'a', 'b' | New-BananaImage -Journal '$TestDrive/two.jsonl' | Wait-BananaJob | Save-BananaImage '$TestDrive/two' -SkipExisting" |
            Where-Object { $_.Activity -eq 'Saving images' -and $_.RecordType -eq 'Processing' }

        $records | Should -Not -BeNullOrEmpty
        $records.StatusDescription | Should -Match '^[012] of [12] done, [012] running, 0 failed'
    }

    It 'is removed when an error ends the pipeline' {
        $slow = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600
        try {
            $records = Get-ProgressRecord "try { 'a' | New-BananaImage | Wait-BananaJob -Timeout 4 -ErrorAction Stop } catch { }"
            $records.Count | Should -BeGreaterThan 1
            $records[-1].RecordType | Should -Be 'Completed'
        }
        finally {
            $slow | Stop-BananaEmulator
        }
    }

    It 'is not shown for a command that ends quickly' {
        Get-ProgressRecord "1..20 | ForEach-Object { `"prompt `$_`" } | New-BananaImage" | Should -BeNullOrEmpty
    }
}
