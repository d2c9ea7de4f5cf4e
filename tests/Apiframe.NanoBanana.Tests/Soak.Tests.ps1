BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'The whole pipeline with five kinds of faults' {
    It 'makes 200 files and 200 bills from 200 prompts in one run, without an error' {
        $faults = @{ AnswerLost = 0.05; Error503Json = 0.05; ResetBeforeAcceptance = 0.015; ResetAfterAcceptance = 0.015; DownloadCut = 0.05 }
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 1 -Seed 42 -Fault $faults
        try {
            $files = 1..200 | ForEach-Object { "prompt $_" } | New-BananaImage -Resolution 512px -ErrorVariable failed |
                Wait-BananaJob -ErrorVariable +failed | Save-BananaImage "$TestDrive/files" -ErrorVariable +failed

            $failed | Should -BeNullOrEmpty
            $files | Should -HaveCount 200
            Get-ChildItem "$TestDrive/files" -Force | Should -HaveCount 200
            $emulator.Counts.ImagesBilled | Should -Be 200
            $emulator.Counts.JobsAccepted | Should -Be 200
            $emulator.Counts.FaultsByName.Keys | Should -HaveCount 5
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}

Describe 'The soak test with all faults' {
    It 'makes 200 files and 200 bills from 200 prompts when it is run with one journal until nothing is left to do' {
        # On a busy computer, a retry can take longer than the two seconds of the soak task.
        $result = & (Join-Path $RepositoryRoot 'tests/Soak/Soak.ps1') -Module $StagedModule -Prompts 200 -KeyLifetimeSec 20
        $result | Format-List | Out-String | Write-Host
        $result.Files | Should -Be 200
        $result.Billed | Should -Be 200
        $result.FaultKinds | Should -BeGreaterThan 20
    }
}
