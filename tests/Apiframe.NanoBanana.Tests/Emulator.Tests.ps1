BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'The emulator' {
    BeforeEach {
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = 'https://before.example', 'afk_before'
    }

    AfterEach {
        Stop-BananaEmulator
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = 'http://127.0.0.1:9', $null
    }

    It 'does not change environment variables without -SetEnvironment' {
        Start-BananaEmulator | Out-Null
        $env:APIFRAME_BASE_URL | Should -Be 'https://before.example'
    }

    It 'restores the environment variables when it is stopped' {
        $emulator = Start-BananaEmulator -SetEnvironment
        $env:APIFRAME_BASE_URL | Should -Be "http://127.0.0.1:$($emulator.BaseUri.Port)"
        $env:APIFRAME_API_KEY | Should -BeLike 'afk_emulator_*'

        $emulator | Stop-BananaEmulator

        $env:APIFRAME_BASE_URL | Should -Be 'https://before.example'
        $env:APIFRAME_API_KEY | Should -Be 'afk_before'
        $emulator.IsRunning | Should -BeFalse
        Get-BananaEmulator | Should -BeNullOrEmpty
    }

    It 'restores the environment variables when two emulators are stopped in either order: <Order>' -ForEach @{ Order = 0, 1 }, @{ Order = 1, 0 } {
        $emulators = 1, 2 | ForEach-Object { Start-BananaEmulator -SetEnvironment }
        Get-BananaEmulator | Should -HaveCount 2
        $Order | ForEach-Object { $emulators[$_] } | Stop-BananaEmulator
        $env:APIFRAME_BASE_URL | Should -Be 'https://before.example'
        $env:APIFRAME_API_KEY | Should -Be 'afk_before'
    }

    It 'does not overwrite an environment variable that the user has changed since' {
        $emulator = Start-BananaEmulator -SetEnvironment
        $env:APIFRAME_BASE_URL = 'https://chosen.example'
        $emulator | Stop-BananaEmulator
        $env:APIFRAME_BASE_URL | Should -Be 'https://chosen.example'
    }

    It 'counts submissions, billed images, replays, downloads, and rejections' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        'a', 'b' | New-BananaImage | Wait-BananaJob | Save-BananaImage "$TestDrive/counted" | Out-Null
        New-BananaImage 'c' -IdempotencyKey k | Out-Null
        New-BananaImage 'c' -IdempotencyKey k | Out-Null

        $counts = $emulator.Counts
        $counts.Submissions | Should -Be 4
        $counts.ImagesBilled | Should -Be 3
        $counts.Replays | Should -Be 1
        $counts.Downloads | Should -Be 2
        $counts.Refusals | Should -Be 0
    }

    It 'reports an invalid option with the allowed values' {
        $refused = { Start-BananaEmulator -FailureRate 2 } | Should -Throw '*FailureRate is 2*0 to 1*' -ErrorId 'BananaEmulatorNotStarted,*' -PassThru
        "$refused" | Should -Not -BeLike '*(Parameter *'
    }

    It 'listens on the specified port of 127.0.0.1 only, and reports a port that is already in use' {
        $free = Start-BananaEmulator -SetEnvironment
        $port = $free.BaseUri.Port
        Get-BananaModel | Should -Not -BeNullOrEmpty
        $free | Stop-BananaEmulator
        $emulator = Start-BananaEmulator -Port $port
        try {
            $emulator.BaseUri | Should -Be "http://127.0.0.1:$port/"
            [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpListeners() | Where-Object Port -EQ $port | ForEach-Object Address |
                Should -Be '127.0.0.1'
            $refused = { Start-BananaEmulator -Port $port } | Should -Throw "Port $port of 127.0.0.1 is already in use." -ErrorId 'BananaEmulatorNotStarted,*' -PassThru
            "$refused" | Should -BeLike '*Specify another -Port*'
        }
        finally {
            $emulator | Stop-BananaEmulator
        }

        { Start-BananaEmulator -Port 65536 } | Should -Throw '*Port is 65536*1 to 65535*' -ErrorId 'BananaEmulatorNotStarted,*'
    }

    It 'rejects an invalid lifetime: <Name> <Value>' -ForEach @(
        @{ Name = 'IdempotencyKeyLifetimeSec'; Value = -1 }, @{ Name = 'ImageLifetimeSec'; Value = 1e300 }, @{ Name = 'ImageLifetimeSec'; Value = [double]::NaN }
    ) {
        $options = @{ $Name = $Value }
        { Start-BananaEmulator @options } | Should -Throw "$Name is *0 to 31536000*" -ErrorId 'BananaEmulatorNotStarted,*'
    }

    It 'forgets idempotency keys, images, and requests when its parameters say so' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -IdempotencyKeyLifetimeSec 0 -ImageLifetimeSec 0 -HideInput
        $jobs = 1, 2 | ForEach-Object { New-BananaImage 'c' -IdempotencyKey k | Wait-BananaJob }
        $asked = Get-BananaJob $jobs[0].JobId
        Save-BananaImage -InputObject $jobs[0] -Path "$TestDrive/forgotten" -ErrorAction SilentlyContinue -ErrorVariable failed

        $emulator.Counts.ImagesBilled | Should -Be 2
        $asked.Prompt | Should -BeNullOrEmpty
        $asked.Expired | Should -BeTrue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'BananaImageExpired,*'
    }

    It 'rejects submissions with <Refusal> after the number of jobs in -RefuseAfter, until Refusal is None' -ForEach @(
        @{ Refusal = 'InvalidKey'; ErrorId = 'BananaAuthenticationFailed' }, @{ Refusal = 'InactiveKey'; ErrorId = 'BananaAccessDenied' }
        @{ Refusal = 'RateLimit'; ErrorId = 'BananaRateLimited' }
    ) {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -Refusal $Refusal -RefuseAfter 1
        $jobs = 'a', 'b' | New-BananaImage -ThrottleLimit 1 -RateLimitTimeoutSec 0 -ErrorAction SilentlyContinue -ErrorVariable failed
        $jobs | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
        $jobs | Wait-BananaJob | ForEach-Object Status | Should -Be 'COMPLETED'

        $emulator.Refusal = 'None'

        New-BananaImage 'b' | Should -HaveCount 1
    }

    It 'accepts submissions again after credits are added' {
        $emulator = Start-BananaEmulator -SetEnvironment -Credits 5 -CreditCost 5
        New-BananaImage 'a' | Out-Null
        New-BananaImage 'b' -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'BananaInsufficientCredits,*'

        $emulator.AddCredits(5)

        New-BananaImage 'b' | Should -HaveCount 1
        $emulator.Credits | Should -Be 0
    }

    It 'ignores unknown fields with -IgnoreUnknownField, and returns the first job for a reused key with -AllowKeyReuse' {
        $emulator = Start-BananaEmulator -SetEnvironment -RequestForm ModelPage -IgnoreUnknownField -AllowKeyReuse
        $key = [System.Net.NetworkCredential]::new('', $emulator.ApiKey).Password
        $accepted = Invoke-RestMethod "$($emulator.BaseUri)v2/images/generate" -Method Post -ContentType application/json -Body (
            @{ model = 'nano-banana-2'; prompt = 'a'; webhookUrl = 'https://h.example' } | ConvertTo-Json
        ) -Headers @{ 'X-API-Key' = $key; 'Idempotency-Key' = 'k' }
        (Get-BananaJob $accepted.jobId).WebhookStatus | Should -BeNullOrEmpty
        (New-BananaImage 'b' -IdempotencyKey k).JobId | Should -Be $accepted.jobId
        $emulator.Counts.ImagesBilled | Should -Be 1
    }

    It 'listens on 127.0.0.1 by default' {
        (Start-BananaEmulator).BaseUri.Host | Should -Be '127.0.0.1'
    }

    It 'is not started with -WhatIf' {
        Start-BananaEmulator -WhatIf
        Get-BananaEmulator | Should -BeNullOrEmpty
    }

    It 'accepts only requests in the form of -RequestForm, and New-BananaImage finds that form' {
        foreach ($form in 'ModelPage', 'OpenApi') {
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -RequestForm $form
            1..3 | ForEach-Object { "prompt $_" } | New-BananaImage -ReferenceImage https://a.example/1.png -WebhookUrl https://h.example | Should -HaveCount 3
            $emulator.Counts.Refusals | Should -BeLessOrEqual 1
            $emulator | Stop-BananaEmulator
        }
    }
}
