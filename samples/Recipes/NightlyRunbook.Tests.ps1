# The tests of the runbook, which you can use as a pattern for your own tests. The runbook runs unchanged on the emulator. The tests check the files and the counts
# of the emulator.
#
#     Import-Module Apiframe.NanoBanana
#     Invoke-Pester ./NightlyRunbook.Tests.ps1
#
# The tests cost nothing, need no key and no vault, and send no data to other computers. They need Pester 5 or 6.
#requires -Modules Apiframe.NanoBanana

BeforeAll {
    # Replaces the real function: the vault of the test contains the emulator's key.
    function Get-Secret($Name) {
        if ($Name -ne 'Apiframe') { throw "The secret $Name does not exist." }
        (Get-BananaEmulator).ApiKey
    }

    function Invoke-Runbook([hashtable] $With = @{}) {
        $parameters = @{ CsvPath = "$TestDrive/prompts.csv"; Path = "$TestDrive/images"; Date = '2026-11-23'; PauseSec = 0 }
        $With.Keys | ForEach-Object { $parameters[$_] = $With[$_] }
        & "$PSScriptRoot/NightlyRunbook.ps1" @parameters 6> $null
        $LASTEXITCODE
    }

    function Get-SavedImage {
        @(Get-ChildItem "$TestDrive/images/2026-11-23" -File)
    }

    @'
Prompt,Resolution,OutputFormat
a kite,512px,png
a lighthouse,,
a lighthouse,,
a harbor at night,2K,webp
'@ | Set-Content "$TestDrive/prompts.csv"
}

Describe 'NightlyRunbook' {
    BeforeEach {
        # With -SetEnvironment, every cmdlet in this process uses the emulator, so the runbook needs no parameter for tests. The key must come from the vault, so
        # it is removed from the environment.
        Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -CreditCost 5 | Out-Null
        $env:APIFRAME_API_KEY = $null
    }

    AfterEach {
        Stop-BananaEmulator
        Remove-Item "$TestDrive/images" -Recurse
    }

    It 'makes a file for each row, pays for each once, and exits with code 0' {
        Invoke-Runbook | Should -Be 0
        Get-SavedImage | Should -HaveCount 4
        (Get-BananaEmulator).Counts.ImagesBilled | Should -Be 4
        Get-Content "$TestDrive/images/nightly.log" | Select-Object -Last 1 | Should -BeLike '*Attempt 1: 4 of 4 images are in *'
    }

    It 'sends no request when it is run again and every image is saved' {
        Invoke-Runbook | Should -Be 0
        $requests = (Get-BananaEmulator).Counts.Requests
        Invoke-Runbook | Should -Be 0
        Get-SavedImage | Should -HaveCount 4
        (Get-BananaEmulator).Counts.Requests | Should -Be $requests
    }

    It 'pays for each image once although responses are lost and the service forgets the idempotency keys' {
        Stop-BananaEmulator
        Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -IdempotencyKeyLifetimeSec 0 -Seed 3 -Fault @{ AnswerLost = 0.5 } | Out-Null
        Invoke-Runbook @{ Attempts = 10 } | Should -Be 0
        Get-SavedImage | Should -HaveCount 4
        (Get-BananaEmulator).Counts.ImagesBilled | Should -Be 4
        "$TestDrive/images/nightly.log" | Should -FileContentMatch 'BananaSubmissionUnknown'
    }

    It 'submits nothing while another run writes to the journal of the day' {
        New-Item "$TestDrive/images" -ItemType Directory | Out-Null
        $other = [System.IO.File]::Open("$TestDrive/images/2026-11-23.jsonl.lock", 'OpenOrCreate', 'ReadWrite', 'None')
        try {
            Invoke-Runbook | Should -Be 1
        }
        finally {
            $other.Dispose()
        }

        "$TestDrive/images/nightly.log" | Should -FileContentMatch 'Given up: Another process is writing to the journal'
        (Get-BananaEmulator).Counts.Submissions | Should -Be 0
    }

    It 'stays within the budget of the day in all attempts, and continues when the budget is larger' {
        Invoke-Runbook @{ MaximumCredit = 10; Attempts = 2 } | Should -Be 1
        (Get-BananaEmulator).Counts.ImagesBilled | Should -Be 2
        "$TestDrive/images/nightly.log" | Should -FileContentMatch 'BananaBudgetReached'
        Invoke-Runbook | Should -Be 0
        Get-SavedImage | Should -HaveCount 4
        (Get-BananaEmulator).Counts.ImagesBilled | Should -Be 4
    }

    It 'fails when every job fails, and nothing is billed' {
        Stop-BananaEmulator
        Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.3 -FailureRate 1 | Out-Null
        Invoke-Runbook @{ Attempts = 2 } | Should -Be 1
        Get-SavedImage | Should -HaveCount 0
        (Get-BananaEmulator).Counts.JobsAccepted | Should -Be 8
        (Get-BananaEmulator).Counts.ImagesBilled | Should -Be 0
        "$TestDrive/images/nightly.log" | Should -FileContentMatch 'BananaPromptDeclined: '
    }

    It 'makes every image in spite of many faults, and pays for each once' {
        Stop-BananaEmulator
        Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.2 -FaultDurationSec 0.5 -Fault @{
            AnswerLost = 0.1; Error502Html = 0.1; Error503Json = 0.1; DownloadCut = 0.2; JobVanishes = 0.2; JobCancelled = 0.2
        } | Out-Null
        Invoke-Runbook @{ Attempts = 10 } | Should -Be 0
        Get-SavedImage | Should -HaveCount 4
        (Get-BananaEmulator).Counts.ImagesBilled | Should -Be 4
        (Get-BananaEmulator).Counts.Faults | Should -BeGreaterThan 0
    }

    It 'logs why it cannot start, and sends no request: <Name>' -ForEach @(
        @{ Name = 'no such secret'; With = @{ SecretName = 'Other' }; Why = 'The secret Other does not exist' }
        @{ Name = 'no such file'; With = @{ CsvPath = 'missing.csv' }; Why = 'missing.csv' }
    ) {
        Invoke-Runbook $With | Should -Be 1
        "$TestDrive/images/nightly.log" | Should -FileContentMatch "Given up: .*$Why"
        (Get-BananaEmulator).Counts.Requests | Should -Be 0
    }

    It 'does not write the API key to its log or to the screen' {
        $screen = & "$PSScriptRoot/NightlyRunbook.ps1" -CsvPath "$TestDrive/prompts.csv" -Path "$TestDrive/images" -PauseSec 0 *>&1 | Out-String
        $key = [System.Net.NetworkCredential]::new('', (Get-BananaEmulator).ApiKey).Password
        "$screen $(Get-Content "$TestDrive/images/nightly.log" -Raw)" | Should -Not -BeLike "*$key*"
    }
}
