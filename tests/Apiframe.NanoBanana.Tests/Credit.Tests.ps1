BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'New-BananaImage -MaximumCredit' {
    AfterEach {
        Get-BananaEmulator | Stop-BananaEmulator
    }

    It 'submits the prompts that are certain to fit, and writes one error with the rest, which can be piped again' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -CreditCost 8
        $jobs = 1..10 | ForEach-Object { "prompt $_" } | New-BananaImage -MaximumCredit 20 -ErrorAction SilentlyContinue -ErrorVariable rest

        $jobs.Prompt | Should -Be 'prompt 1', 'prompt 2'
        $emulator.Counts.ImagesBilled | Should -Be 2
        $emulator.Counts.CreditsBilled | Should -Be 16
        $rest | Should -HaveCount 1
        $rest.FullyQualifiedErrorId | Should -BeLike 'BananaBudgetReached,*'
        "$rest" | Should -BeLike "*2 prompts were submitted for at most 16 credits. 8 prompts were not submitted: 'prompt 3', *'prompt 10'.*"
        $rest[0].TargetObject | Should -HaveCount 8

        $rest[0].TargetObject | New-BananaImage | Wait-BananaJob | Should -HaveCount 8
        $emulator.Counts.ImagesBilled | Should -Be 10
    }

    It 'submits more prompts when the actual cost of the jobs is lower than the listed price' {
        # In the price list, an image costs up to 15 credits. An image of 512px costs 4.
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $jobs = 1..10 | ForEach-Object { "prompt $_" } | New-BananaImage -Resolution 512px -MaximumCredit 30 -ErrorAction SilentlyContinue -ErrorVariable rest

        $jobs | Should -HaveCount 4
        $emulator.Counts.CreditsBilled | Should -BeLessOrEqual 30
        $rest[0].TargetObject | Should -HaveCount 6
    }

    It 'does not use the cost that a job reports before it is completed' {
        # Each job reports a cost of 0 until it is completed, although it is billed when it is accepted.
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.3 -Fault JobCostLate
        $jobs = 1..10 | ForEach-Object { "prompt $_" } | New-BananaImage -Resolution 512px -MaximumCredit 30 -ErrorAction SilentlyContinue -ErrorVariable rest

        $jobs | Should -HaveCount 4
        $emulator.Counts.CreditsBilled | Should -Be 16
        "$rest" | Should -BeLike '*4 prompts were submitted for at most 27 credits. 6 prompts were not submitted*'
    }

    It 'does not wait for running jobs if their cost is already known' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 3600 -CreditCost 8
        'a', 'b', 'c', 'd' | New-BananaImage -MaximumCredit 20 -ErrorAction SilentlyContinue | Should -HaveCount 2
        $emulator.Counts.StatusRequests + $emulator.Counts.ListRequests | Should -Be 0
    }

    It 'requests the prices once for each account, before its first prompt is submitted' {
        $emulators = 1..2 | ForEach-Object { Start-BananaEmulator -GenerationTimeSec 0 -CreditCost 8 }
        $connections = $emulators | ForEach-Object { New-BananaConnection $_.ApiKey -BaseUri $_.BaseUri }
        $rows = 0, 0, 1, 1, 0 | ForEach-Object { [pscustomobject]@{ Prompt = 'a kite'; Connection = $connections[$_] } }
        $rows | New-BananaImage -MaximumCredit 100 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } |
            ForEach-Object { "$_" -replace ' in .*' } | Where-Object { $_ -like '*/v2/models*' -or $_ -like '*/generate*' } | Should -Be @(
            'GET /v2/models 200', 'POST /v2/images/generate 202', 'POST /v2/images/generate 202', 'GET /v2/models 200', 'POST /v2/images/generate 202',
            'POST /v2/images/generate 202', 'POST /v2/images/generate 202')
    }

    It 'requests the prices before the first prompt arrives if -Connection is an argument' {
        $emulator = Start-BananaEmulator -GenerationTimeSec 0
        $connection = New-BananaConnection $emulator.ApiKey -BaseUri $emulator.BaseUri
        & { $script:before = $emulator.Counts.Requests; 'a' } | New-BananaImage -MaximumCredit 100 -Connection $connection | Should -HaveCount 1
        $script:before | Should -Be 1
    }

    It 'does not count rejected prompts' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -CreditCost 8
        $rows = 'no-such-model', 'no-such-model', '', '' | ForEach-Object { [pscustomobject]@{ Prompt = "a $_"; Model = $_ } }
        $rows | New-BananaImage -MaximumCredit 16 -ErrorAction SilentlyContinue -ErrorVariable refused | Should -HaveCount 2
        # A model without a price is rejected before its prompt is sent.
        "$($refused[0])" | Should -BeLike "*no valid price for model 'no-such-model'*"
        $emulator.Counts.Submissions | Should -Be 2
    }

    It 'submits nothing when the prices are not available, and says why' {
        $emulator = Start-BananaEmulator -SetEnvironment -Fault Error500Json
        $connection = New-BananaConnection -MaximumRetryCount 1
        'a', 'b' | New-BananaImage -MaximumCredit 100 -Connection $connection -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaServiceUnavailable,*'
        $refused.TargetObject.Prompt | Should -Be 'a', 'b'
        # Both requests are for the prices.
        $emulator.Counts.Requests | Should -Be 2
    }

    It 'retries the request for the prices when a response is an error' {
        foreach ($seed in 1..4) {
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -Fault Error503Json=0.4 -Seed $seed
            'a', 'b' | New-BananaImage -MaximumCredit 100 | Should -HaveCount 2
            $emulator | Stop-BananaEmulator
        }
    }

    It 'writes no error when every prompt fits' {
        Start-BananaEmulator -SetEnvironment -CreditCost 8 | Out-Null
        'a', 'b' | New-BananaImage -MaximumCredit 16 -ErrorVariable rest | Should -HaveCount 2
        $rest | Should -BeNullOrEmpty
    }
}

Describe 'A low balance' {
    AfterEach {
        Get-BananaEmulator | Stop-BananaEmulator
    }

    It 'causes one warning, before the first prompt that it may not cover' {
        $emulator = Start-BananaEmulator -SetEnvironment -Credits 20 -CreditCost 8
        $jobs = 'a', 'b', 'c', 'd' | New-BananaImage -WarningVariable warned -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable refused

        $warned | Should -HaveCount 1
        "$warned" | Should -BeLike "*has 4 credits left*costs 8 to 8*may not cover the prompt 'c' and the prompts after it.*"
        $jobs | Should -HaveCount 2
        $refused | Should -HaveCount 2
        $emulator.Counts.ImagesBilled | Should -Be 2
    }

    It 'is detected with one request for the balance and one for the prices in a batch, and with none for a single prompt' {
        $emulator = Start-BananaEmulator -SetEnvironment
        New-BananaImage 'a' | Out-Null
        $emulator.Counts.Requests | Should -Be 1
        1..20 | ForEach-Object { "prompt $_" } | New-BananaImage -WarningVariable warned | Out-Null
        $emulator.Counts.Requests | Should -Be 23
        $warned | Should -BeNullOrEmpty
    }
}
