BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force

    $prompts = 1..1000 | ForEach-Object { "prompt $_" }

    function Get-Id($Errors) { $Errors | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] } }
}

Describe 'A rejection that affects the whole account' {
    BeforeEach {
        $before = $env:APIFRAME_API_KEY
    }

    AfterEach {
        Stop-BananaEmulator
        $env:APIFRAME_API_KEY = $before
    }

    It 'ends a batch after a few requests when the key is invalid, and every prompt is in the TargetObject of an error' {
        $emulator = Start-BananaEmulator -SetEnvironment
        $env:APIFRAME_API_KEY = 'afk_0123456789abcdef0123456789abcdef01234567'

        $prompts | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty

        $emulator.Counts.Requests | Should -BeLessOrEqual 8
        $failed.Count | Should -BeLessOrEqual 9
        Get-Id $failed | Select-Object -Unique | Should -Be 'BananaAuthenticationFailed', 'BananaNotSubmitted'
        ($failed.TargetObject.Prompt | Sort-Object) | Should -Be ($prompts | Sort-Object)
    }

    It 'ends a batch when the credits run out, and the remaining prompts can be piped again' {
        $emulator = Start-BananaEmulator -SetEnvironment -Credits 100 -CreditCost 5

        $first = $prompts | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue
        $first | Should -HaveCount 20
        $emulator.Counts.Submissions | Should -BeLessOrEqual 36
        $left = @($failed | Where-Object FullyQualifiedErrorId -like 'BananaNotSubmitted,*')
        $left | Should -HaveCount 1
        "$left" | Should -BeLike "*credits*$($left.TargetObject.Count) prompts were not submitted and not billed: *. 20 prompts were accepted.*"

        $emulator.AddCredits(4900)
        $second = $failed.TargetObject | New-BananaImage -WarningAction SilentlyContinue
        $second | Should -HaveCount 980
        $emulator.Counts.ImagesBilled | Should -Be 1000
        @($first; $second).Prompt | Select-Object -Unique | Should -HaveCount 1000
    }

    It 'is reported as one error with all prompts when no key is set' {
        $emulator = Start-BananaEmulator -SetEnvironment
        $env:APIFRAME_API_KEY = $null

        'a', 'b', 'c' | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable failed

        Get-Id $failed | Should -Be 'BananaApiKeyMissing'
        $failed.TargetObject.Prompt | Should -Be 'a', 'b', 'c'
        $emulator.Counts.Requests | Should -Be 0
    }

    It 'is reported as one error with all prompts when the key is malformed' {
        Start-BananaEmulator -SetEnvironment | Out-Null
        $env:APIFRAME_API_KEY = 'afk_a b'

        'a', 'b', 'c' | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable failed

        Get-Id $failed | Should -Be 'BananaAuthenticationFailed'
        $failed.TargetObject.Prompt | Should -Be 'a', 'b', 'c'
    }

    It 'ends a batch when a rate limit rejects every submission until the timeout' {
        $emulator = Start-BananaEmulator -SetEnvironment -Refusal RateLimit -RefuseAfter 0

        $prompts | New-BananaImage -RateLimitTimeoutSec 1 -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty

        Get-Id $failed | Select-Object -Unique | Should -Be 'BananaRateLimited', 'BananaNotSubmitted'
        $failed.TargetObject.Prompt | Select-Object -Unique | Should -HaveCount 1000
        $emulator.Counts.JobsAccepted | Should -Be 0
    }

    It 'ends a batch when the key is deactivated partway, and the accepted jobs are returned' {
        $emulator = Start-BananaEmulator -SetEnvironment -Refusal InactiveKey -RefuseAfter 20

        $prompts | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable failed | Should -HaveCount 20

        $emulator.Counts.Submissions | Should -BeLessOrEqual 28
        Get-Id $failed | Select-Object -Unique | Should -Be 'BananaAccessDenied', 'BananaNotSubmitted'
    }

    It 'is not assumed when single prompts are rejected, so the batch continues' {
        Start-BananaEmulator -SetEnvironment | Out-Null

        'a', '', 'b', ('x' * 2001), 'c' | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable failed | Should -HaveCount 3

        Get-Id $failed | Should -Be 'BananaRequestInvalid', 'BananaRequestInvalid'
    }

    It 'is reported by Wait-BananaJob as one error with all the jobs, which can be piped again' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0
        $jobs = 1..50 | ForEach-Object { "prompt $_" } | New-BananaImage
        $requests = $emulator.Counts.Requests
        $wrong = New-BananaConnection -ApiKey (ConvertTo-SecureString 'afk_0123456789abcdef0123456789abcdef01234567' -AsPlainText -Force)

        $jobs.JobId | Wait-BananaJob -Connection $wrong -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty

        Get-Id $failed | Should -Be 'BananaAuthenticationFailed'
        $failed.TargetObject.JobId | Select-Object -Unique | Should -HaveCount 50
        $emulator.Counts.Requests - $requests | Should -BeLessOrEqual 9
        $failed.TargetObject.JobId | Wait-BananaJob | Should -HaveCount 50
    }

    It 'is reported by Get-BananaJob as one error with all the jobs' {
        $emulator = Start-BananaEmulator -SetEnvironment
        $env:APIFRAME_API_KEY = 'afk_0123456789abcdef0123456789abcdef01234567'

        1..100 | ForEach-Object { [guid]::NewGuid().ToString() } | Get-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failed

        Get-Id $failed | Should -Be 'BananaAuthenticationFailed'
        $failed.TargetObject | Should -HaveCount 100
        $emulator.Counts.Requests | Should -BeLessOrEqual 8
    }

    It 'does not prevent Save-BananaImage from saving completed jobs, which need no key' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0
        $done = 'a', 'b' | New-BananaImage | Wait-BananaJob
        $asked = ('c', 'd' | New-BananaImage | Wait-BananaJob).JobId
        $wrong = New-BananaConnection -ApiKey (ConvertTo-SecureString 'afk_0123456789abcdef0123456789abcdef01234567' -AsPlainText -Force)

        $files = @($asked; $done) | Save-BananaImage "$TestDrive/saved" -Connection $wrong -ErrorAction SilentlyContinue -ErrorVariable failed

        $files | Should -HaveCount 2
        Get-Id $failed | Should -Be 'BananaAuthenticationFailed'
        $failed.TargetObject.JobId | Sort-Object | Should -Be ($asked | Sort-Object)
    }
}
