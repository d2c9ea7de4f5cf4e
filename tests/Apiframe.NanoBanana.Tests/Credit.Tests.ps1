BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'New-BananaImage -MaximumCredit' {
    AfterEach {
        Get-BananaEmulator | Stop-BananaEmulator
    }

    It 'submits what is sure to fit, and names the rest in one error that can be piped on' {
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

    It 'learns from the jobs what they really cost' {
        # By the price list an image costs up to 15 credits; one of 512px costs 4.
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $jobs = 1..10 | ForEach-Object { "prompt $_" } | New-BananaImage -Resolution 512px -MaximumCredit 30 -ErrorAction SilentlyContinue -ErrorVariable rest

        $jobs | Should -HaveCount 4
        $emulator.Counts.CreditsBilled | Should -BeLessOrEqual 30
        $rest[0].TargetObject | Should -HaveCount 6
    }

    It 'does not take what a job says before its end for its cost' {
        # Until it is completed, each job says that it costs 0. It is billed from the start.
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.3 -Fault JobCostLate
        $jobs = 1..10 | ForEach-Object { "prompt $_" } | New-BananaImage -Resolution 512px -MaximumCredit 30 -ErrorAction SilentlyContinue -ErrorVariable rest

        $jobs | Should -HaveCount 4
        $emulator.Counts.CreditsBilled | Should -Be 16
        "$rest" | Should -BeLike '*4 prompts were submitted for at most 27 credits. 6 prompts were not submitted*'
    }

    It 'does not wait for jobs that cannot make room' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 3600 -CreditCost 8
        'a', 'b', 'c', 'd' | New-BananaImage -MaximumCredit 20 -ErrorAction SilentlyContinue | Should -HaveCount 2
        $emulator.Counts.StatusRequests + $emulator.Counts.ListRequests | Should -Be 0
    }

    It 'asks for the prices before the first prompt of an account is submitted, and once' {
        $emulators = 1..2 | ForEach-Object { Start-BananaEmulator -GenerationTimeSec 0 -CreditCost 8 }
        $connections = $emulators | ForEach-Object { New-BananaConnection $_.ApiKey -BaseUri $_.BaseUri }
        $rows = 0, 0, 1, 1, 0 | ForEach-Object { [pscustomobject]@{ Prompt = 'a kite'; Connection = $connections[$_] } }
        $rows | New-BananaImage -MaximumCredit 100 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } |
            ForEach-Object { "$_" -replace ' in .*' } | Where-Object { $_ -like '*/v2/models*' -or $_ -like '*/generate*' } | Should -Be @(
            'GET /v2/models 200', 'POST /v2/images/generate 202', 'POST /v2/images/generate 202', 'GET /v2/models 200', 'POST /v2/images/generate 202',
            'POST /v2/images/generate 202', 'POST /v2/images/generate 202')
    }

    It 'asks for the prices before the first prompt is there if the connection is typed' {
        $emulator = Start-BananaEmulator -GenerationTimeSec 0
        $connection = New-BananaConnection $emulator.ApiKey -BaseUri $emulator.BaseUri
        & { $script:before = $emulator.Counts.Requests; 'a' } | New-BananaImage -MaximumCredit 100 -Connection $connection | Should -HaveCount 1
        $script:before | Should -Be 1
    }

    It 'counts what was refused as nothing' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -CreditCost 8
        $rows = 'no-such-model', 'no-such-model', '', '' | ForEach-Object { [pscustomobject]@{ Prompt = "a $_"; Model = $_ } }
        $rows | New-BananaImage -MaximumCredit 16 -ErrorAction SilentlyContinue -ErrorVariable refused | Should -HaveCount 2
        # A model without a price is refused before anything is sent.
        "$($refused[0])" | Should -BeLike "*no valid price for model 'no-such-model'*"
        $emulator.Counts.Submissions | Should -Be 2
    }

    It 'submits nothing when the prices cannot be had, and says why' {
        $emulator = Start-BananaEmulator -SetEnvironment -Fault Error500Json
        $connection = New-BananaConnection -MaximumRetryCount 1
        'a', 'b' | New-BananaImage -MaximumCredit 100 -Connection $connection -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaServiceUnavailable,*'
        $refused.TargetObject.Prompt | Should -Be 'a', 'b'
        # Asked for twice, before the first prompt.
        $emulator.Counts.Requests | Should -Be 2
    }

    It 'asks for the prices again when an answer is an error' {
        foreach ($seed in 1..4) {
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -Fault Error503Json=0.4 -Seed $seed
            'a', 'b' | New-BananaImage -MaximumCredit 100 | Should -HaveCount 2
            $emulator | Stop-BananaEmulator
        }
    }

    It 'is silent when everything fits' {
        Start-BananaEmulator -SetEnvironment -CreditCost 8 | Out-Null
        'a', 'b' | New-BananaImage -MaximumCredit 16 -ErrorVariable rest | Should -HaveCount 2
        $rest | Should -BeNullOrEmpty
    }
}

Describe 'A low balance' {
    AfterEach {
        Get-BananaEmulator | Stop-BananaEmulator
    }

    It 'is a warning, once, before the first prompt that it may not cover' {
        $emulator = Start-BananaEmulator -SetEnvironment -Credits 20 -CreditCost 8
        $jobs = 'a', 'b', 'c', 'd' | New-BananaImage -WarningVariable warned -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable refused

        $warned | Should -HaveCount 1
        "$warned" | Should -BeLike "*has 4 credits left*costs 8 to 8*may not cover the prompt 'c' and the prompts after it.*"
        $jobs | Should -HaveCount 2
        $refused | Should -HaveCount 2
        $emulator.Counts.ImagesBilled | Should -Be 2
    }

    It 'costs one look at the balance and one at the prices for a whole batch, and nothing for a single prompt' {
        $emulator = Start-BananaEmulator -SetEnvironment
        New-BananaImage 'a' | Out-Null
        $emulator.Counts.Requests | Should -Be 1
        1..20 | ForEach-Object { "prompt $_" } | New-BananaImage -WarningVariable warned | Out-Null
        $emulator.Counts.Requests | Should -Be 23
        $warned | Should -BeNullOrEmpty
    }
}
