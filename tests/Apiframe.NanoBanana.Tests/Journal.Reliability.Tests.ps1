BeforeDiscovery {
    # A batch of 20 images writes 81 journal lines. The 20 moments are the same in every run, so that a failure can be reproduced: five are during submission,
    # five are while the batch waits for its jobs, and ten are while jobs are completed and saved.
    $random = [Random]::new(20261125)
    $moments = @(1..5 | ForEach-Object { $random.Next(2, 40) }; 36..40; 1..10 | ForEach-Object { $random.Next(42, 80) })
    $canMount = (Get-Command unshare -ErrorAction Ignore) -and $(unshare -rm true 2>$null; $LASTEXITCODE -eq 0)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force

    $prompts = 1..20 | ForEach-Object { "prompt $_" }

    function Start-Batch([string] $Lines) {
        $script = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $script "`$ErrorActionPreference = 'Stop'; Import-Module '$StagedModule'; $Lines"
        Start-PowerShell '-File', $script -Output "$script.out" -ErrorOutput "$script.log"
    }

    function Invoke-Batch {
        $prompts | New-BananaImage -Journal $journal | Wait-BananaJob | Save-BananaImage $images
    }

    function Get-LineCount([string] $Path) {
        if (-not (Test-Path $Path)) { return 0 }
        $file = [System.IO.FileStream]::new($Path, 'Open', 'Read', 'ReadWrite, Delete')
        $reader = [System.IO.StreamReader]::new($file)
        try {
            $reader.ReadToEnd().Split("`n").Count - 1
        }
        finally {
            $reader.Dispose()
        }
    }

    function Assert-OneFileAndOneBillForEachPrompt {
        Get-ChildItem $images -Force | Should -HaveCount 20
        Get-ChildItem $images | Get-ImageFormat | Select-Object -ExpandProperty Width -Unique | Should -BeGreaterThan 0
        $emulator.Counts.JobsAccepted | Should -Be 20
        $emulator.Counts.ImagesBilled | Should -Be 20
    }
}

Describe 'A batch with a journal, at a service that forgets every idempotency key,' {
    BeforeEach {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.5 -IdempotencyKeyLifetimeSec 0
        $journal = Join-Path $TestDrive "$([guid]::NewGuid())/autumn.jsonl"
        $images = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach {
        $emulator | Stop-BananaEmulator
    }

    It 'has one file and one bill for each prompt if it is killed after <_> of 81 journal lines and run again, and its third run sends no request' -ForEach $moments {
        $moment = $_
        $killed = Start-Batch "1..20 | ForEach-Object { `"prompt `$_`" } | New-BananaImage -Journal '$journal' | Wait-BananaJob | Save-BananaImage '$images' | Out-Null"
        Wait-Until { (Get-LineCount $journal) -ge $moment -or $killed.HasExited }
        $killed.Kill()
        $killed | Wait-PowerShell | Should -Not -Be 0 -Because 'the batch must have been killed before its end'

        Invoke-Batch | Should -HaveCount 20
        Assert-OneFileAndOneBillForEachPrompt
        $requests = $emulator.Counts.Requests
        Invoke-Batch | Should -HaveCount 20
        $emulator.Counts.Requests | Should -Be $requests
    }
}

Describe 'A journal that eight processes open at the same time' {
    It 'is used by one process, and the other seven end with an error and submit nothing' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $journal = Join-Path $TestDrive 'eight.jsonl'
        $go = Join-Path $TestDrive 'go'
        try {
            # The process that opens the journal keeps it open until the others have ended, because its input ends only after the file named go exists.
            $batch = "`$folder = [System.IO.FileSystemWatcher]::new('$TestDrive'); " +
                "& { 'a', 'b'; 1..1200 | ForEach-Object { if (-not (Test-Path '$go')) { `$folder.WaitForChanged('Created', 100) | Out-Null } } } | " +
                "New-BananaImage -Journal '$journal' | Out-Null"
            $processes = 1..8 | ForEach-Object { Start-Batch $batch }
            Wait-Until { @($processes | Where-Object { -not $_.HasExited }).Count -le 1 }
            New-Item $go | Out-Null
            $codes = $processes | Wait-PowerShell

            ($codes | Sort-Object) | Should -Be @(0, 1, 1, 1, 1, 1, 1, 1)
            @(Get-ChildItem $TestDrive -Filter *.log | Select-String 'Another process').Count | Should -Be 7
            $emulator.Counts.ImagesBilled | Should -Be 2
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}

Describe 'A journal on a disk that fills up' {
    It 'stops the submissions, every accepted job is returned, and the next run bills nothing twice' -Skip:(-not $canMount) {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -IdempotencyKeyLifetimeSec 0
        $images = Join-Path $TestDrive 'images'
        $small = New-Item -ItemType Directory "$TestDrive/small"
        $journal = Join-Path $TestDrive 'rescued.jsonl'
        try {
            $script = Join-Path $TestDrive 'small.ps1'
            Set-Content $script @"
Import-Module '$StagedModule'
`$jobs = 1..20 | ForEach-Object { "prompt `$_" } | New-BananaImage -Journal '$small/autumn.jsonl' -ThrottleLimit 2 -ErrorAction SilentlyContinue -ErrorVariable failed
`$files = `$jobs | Wait-BananaJob -ErrorAction SilentlyContinue | Save-BananaImage '$images' -ErrorAction SilentlyContinue
`$failed.FullyQualifiedErrorId | Select-Object -Unique
@(`$jobs).Count
@(`$files).Count
Copy-Item '$small/autumn.jsonl' '$journal'
"@
            # Mounts a file system of two pages, which only this process sees, for the journal and its lock file.
            $lines = unshare -rm sh -c "mount -t tmpfs -o size=8k none '$small' && exec $((Get-PowerShellCommand).ForEach{ "'$_'" }) -NoProfile -NonInteractive -File '$script'"

            $lines[0] | Should -Be 'BananaJournalNotWritable,Apiframe.NanoBanana.Commands.NewBananaImageCommand'
            [int] $lines[1] | Should -BeGreaterThan 1
            [int] $lines[1] | Should -BeLessThan 20
            $lines[1] | Should -Be $emulator.Counts.JobsAccepted
            $lines[2] | Should -Be $lines[1] -Because 'a job that is not noted is paid for, and can be waited for and saved'

            Remove-Item $images -Recurse
            Invoke-Batch | Should -HaveCount 20
            Assert-OneFileAndOneBillForEachPrompt
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}
