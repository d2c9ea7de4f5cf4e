BeforeDiscovery {
    # The 20 moments are the same in every run, so that a failure can be reproduced.
    $random = [Random]::new(20261123)
    $moments = 1..20 | ForEach-Object { $random.Next(1, 100) }
    $canMount = (Get-Command unshare -ErrorAction Ignore) -and $(unshare -rm true 2>$null; $LASTEXITCODE -eq 0)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force

    function Get-Batch([string] $Folder) {
        @"
`$ErrorActionPreference = 'Stop'
1..50 | ForEach-Object { "prompt `$_" } | New-BananaImage -Resolution 512px -IdempotencyScope night |
    Wait-BananaJob | Save-BananaImage '$Folder' -SkipExisting | Out-Null
"@
    }

    function Start-Batch([string] $Folder) {
        $script = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $script "Import-Module '$StagedModule'`n$(Get-Batch $Folder)"
        Start-PowerShell '-File', $script -Output "$script.out" -ErrorOutput "$script.log"
    }

    function Assert-OneFileAndOneBillForEachPrompt([string] $Folder) {
        $files = Get-ChildItem $Folder -Force
        $files | Should -HaveCount 50
        $files.Extension | Select-Object -Unique | Should -Be '.jpg'
        $files | Get-ImageFormat | Select-Object -ExpandProperty Width -Unique | Should -BeGreaterThan 0
        $emulator.Counts.JobsAccepted | Should -Be 50
        $emulator.Counts.ImagesBilled | Should -Be 50
    }
}

Describe 'A batch with an idempotency scope' {
    BeforeEach {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.5
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach {
        $emulator | Stop-BananaEmulator
    }

    It 'that is killed after <_> of 100 submissions and downloads and run again has one file and one bill for each prompt' -ForEach $moments {
        $killed = Start-Batch $folder
        $moment = $_
        Wait-Until { $emulator.Counts.JobsAccepted + $emulator.Counts.Downloads -ge $moment -or $killed.HasExited }
        $killed.Kill()
        $killed | Wait-PowerShell | Should -Not -Be 0 -Because 'the batch must have been killed before its end'

        # The second run can be in this process, because it shares only the folder and the service with the killed run.
        & ([scriptblock]::Create((Get-Batch $folder)))
        Assert-OneFileAndOneBillForEachPrompt $folder
    }

    It 'that is killed in the middle and run again in a fresh PowerShell has one file and one bill for each prompt' {
        $killed = Start-Batch $folder
        Wait-Until { $emulator.Counts.JobsAccepted -ge 25 -or $killed.HasExited }
        $killed.Kill()
        $killed | Wait-PowerShell | Should -Not -Be 0 -Because 'the batch must have been killed before its end'

        Start-Batch $folder | Wait-PowerShell | Should -Be 0
        Assert-OneFileAndOneBillForEachPrompt $folder
    }

    It 'that runs in eight processes at the same time has one file and one bill for each prompt' {
        $processes = 1..8 | ForEach-Object { Start-Batch $folder }
        $processes | Wait-PowerShell | Should -Be (@(0) * 8)
        Assert-OneFileAndOneBillForEachPrompt $folder
        $emulator.Counts.Replays | Should -Be 350
    }
}

Describe '-IdempotencyScope' {
    BeforeAll {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    }

    AfterAll {
        $emulator | Stop-BananaEmulator
    }

    It 'makes two images for a prompt that occurs twice in a run, and no new images in the next run' {
        $first = 'a', 'b', 'a' | New-BananaImage -IdempotencyScope twice
        $second = 'a', 'a', 'b' | New-BananaImage -IdempotencyScope ' twice '

        $first.JobId | Select-Object -Unique | Should -HaveCount 3
        ($second.JobId | Sort-Object) | Should -Be ($first.JobId | Sort-Object)
    }

    It 'makes the images again under another scope' {
        (New-BananaImage 'c' -IdempotencyScope one).JobId | Should -Not -Be (New-BananaImage 'c' -IdempotencyScope other).JobId
    }

    It 'can be a column of a CSV, and a blank cell means no scope' {
        $rows = "Prompt,IdempotencyScope`nd,csv`nd,`nd," | ConvertFrom-Csv
        $first = $rows | New-BananaImage
        $second = $rows | New-BananaImage
        @($first; $second).JobId | Select-Object -Unique | Should -HaveCount 5
    }

    It 'does not replace the key in -IdempotencyKey' {
        (New-BananaImage 'e' -IdempotencyScope night -IdempotencyKey mine).IdempotencyKey | Should -Be 'mine'
    }

    It 'resubmits a prompt whose job failed' {
        $failing = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -FailureRate 1
        try {
            $first = New-BananaImage 'f' -IdempotencyScope night
            $first | Wait-BananaJob -ErrorAction SilentlyContinue
            $second = New-BananaImage 'f' -IdempotencyScope night
            $second.JobId | Should -Not -Be $first.JobId
            $second.IdempotencyKey | Should -Be "$($first.IdempotencyKey).2"
        }
        finally {
            $failing | Stop-BananaEmulator
        }
    }
}

Describe 'A folder that cannot be written to' {
    BeforeAll {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -ImageBytes 2000000
    }

    AfterAll {
        $emulator | Stop-BananaEmulator
    }

    It 'causes an error with the job as TargetObject and leaves no partial file if the disk is full' -Skip:(-not $canMount) {
        $full = New-Item -ItemType Directory "$TestDrive/full"
        $script = Join-Path $TestDrive 'full.ps1'
        Set-Content $script @"
Import-Module '$StagedModule'
New-BananaImage 'a kite' | Wait-BananaJob | Save-BananaImage '$full' -ErrorAction SilentlyContinue -ErrorVariable failed
`$failed.FullyQualifiedErrorId
`$failed.TargetObject.JobId
@(Get-ChildItem '$full' -Force).Count
"@
        # Mounts a file system of 100 KB, which only this process sees.
        $lines = unshare -rm sh -c "mount -t tmpfs -o size=100k none '$full' && exec $((Get-PowerShellCommand).ForEach{ "'$_'" }) -NoProfile -NonInteractive -File '$script'"

        $lines[0] | Should -Be 'BananaWriteFailed,Apiframe.NanoBanana.Commands.SaveBananaImageCommand'
        $lines[2] | Should -Be 0
        $lines[1] | Save-BananaImage "$TestDrive/elsewhere" | Should -HaveCount 1
    }

    It 'causes the same error if access is denied' {
        if (-not $OnLinux) { Set-ItResult -Skipped -Because 'only Linux has a folder that denies access to everyone'; return }
        New-BananaImage 'a kite' | Wait-BananaJob | Save-BananaImage /proc/self -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'BananaWriteFailed,*'
    }
}
