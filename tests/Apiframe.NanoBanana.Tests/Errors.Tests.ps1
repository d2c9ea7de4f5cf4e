BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'A prompt that cannot be sent' {
    It 'causes one error, and the other prompts are submitted: <Name>' -ForEach @(
        @{ Name = 'too long'; Bad = @{ Prompt = 'x' * 2001 }; Text = '2001 characters. At most 2000' }
        @{ Name = 'empty'; Bad = @{ Prompt = '' }; Text = 'Prompt is empty' }
        @{ Name = '15 references'; Bad = @{ Prompt = 'x'; ReferenceImage = @('https://a.example/1.png') * 15 }; Text = '15 images. At most 14' }
        @{ Name = 'a reference that is nothing'; Bad = @{ Prompt = 'x'; ReferenceImage = 'a.png' }; Text = "a.png' is not an http or https URL, and no file with this path exists" }
        @{ Name = 'a wrong resolution'; Bad = @{ Prompt = 'x'; Resolution = 'big' }; Text = "'big' is not allowed. Use one of these values: 512px, 1K, 2K, 4K" }
        @{ Name = 'a wrong format'; Bad = @{ Prompt = 'x'; OutputFormat = 'gif' }; Text = "'gif' is not allowed. Use one of these values: jpg, png, webp" }
    ) {
        $before = $emulator.Counts.Submissions
        $good = [pscustomobject]@{ Prompt = 'a kite' }

        $files = [pscustomobject]$Bad, $good | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable refused |
            Wait-BananaJob | Save-BananaImage -Path $TestDrive

        $files | Should -HaveCount 1
        $refused.FullyQualifiedErrorId | Should -Be 'BananaRequestInvalid,Apiframe.NanoBanana.Commands.NewBananaImageCommand'
        "$refused" | Should -BeLike "*$Text*No request was sent*"
        $refused.TargetObject.Prompt | Should -Be $Bad.Prompt
        $emulator.Counts.Submissions | Should -Be ($before + 1)
    }
}

Describe 'An invalid configuration' {
    BeforeEach {
        $url, $key = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY
    }

    AfterEach {
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
    }

    It 'causes one error, and the TargetObject of an error has every unprocessed input: <Name>' -ForEach @(
        @{ Name = 'no key'; Set = { $env:APIFRAME_API_KEY = $null }; Id = 'BananaApiKeyMissing'; Text = '*$env:APIFRAME_API_KEY*Start-BananaEmulator -SetEnvironment*' }
        @{ Name = 'a wrong key'; Set = { $env:APIFRAME_API_KEY = 'afk_wrong' }; Id = 'BananaAuthenticationFailed'; Text = '*Invalid API key*request ID*' }
        @{ Name = 'a mangled key'; Set = { $env:APIFRAME_API_KEY = 'afk_a b' }; Id = 'BananaAuthenticationFailed'; Text = '*truncated or copied with surrounding text*' }
        @{ Name = 'a URL that is none'; Set = { $env:APIFRAME_BASE_URL = 'nowhere' }; Id = 'BananaBaseUriInvalid'; Text = "*'nowhere'*" }
        @{ Name = 'a broken URL'; Set = { $env:APIFRAME_BASE_URL = 'http://[1' }; Id = 'BananaBaseUriInvalid'; Text = '*http://`[1*' }
        @{ Name = 'a URL without encryption'; Set = { $env:APIFRAME_BASE_URL = 'http://api.example.net' }; Id = 'BananaBaseUriInvalid'; Text = '*unencrypted*' }
    ) {
        & $Set
        foreach ($command in { 'a kite', 'b' | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable failed },
            { (New-Guid).Guid, (New-Guid).Guid | Wait-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failed },
            { (New-Guid).Guid, (New-Guid).Guid | Get-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failed },
            { (New-Guid).Guid, (New-Guid).Guid | Save-BananaImage $TestDrive -ErrorAction SilentlyContinue -ErrorVariable failed }) {
            . $command | Should -BeNullOrEmpty
            # Input that was not sent can be in a separate BananaNotSubmitted error.
            $kept = @($failed | Where-Object FullyQualifiedErrorId -notlike 'BananaNotSubmitted,*')
            $kept.Count | Should -Be 1
            $kept[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
            "$($kept[0])" | Should -BeLike $Text
            @($failed | ForEach-Object { $_.TargetObject }).Count | Should -Be 2
        }
    }

    It 'does not affect jobs that have their own connection' {
        $submitted = New-BananaImage 'a kite'
        $env:APIFRAME_API_KEY = $null
        $done = @($submitted; (New-Guid).Guid) | Wait-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failed
        $done.JobId | Should -Be $submitted.JobId
        $failed.FullyQualifiedErrorId | Should -BeLike 'BananaApiKeyMissing,*'
    }

    It 'causes a connection error if no server listens at the base URI' {
        $gone = Start-BananaEmulator
        $gone | Stop-BananaEmulator
        $env:APIFRAME_BASE_URL = $gone.BaseUri
        New-BananaImage 'a kite' -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'BananaConnectionFailed,*'
    }
}

Describe 'A job that is not available' {
    It 'causes an error with a fixed ID if it is unknown, and the next job is returned' {
        $job = New-BananaImage 'a kite' | Wait-BananaJob
        $unknown = '00000000-0000-4000-8000-000000000000'
        foreach ($command in 'Get-BananaJob', 'Wait-BananaJob', 'Save-BananaImage') {
            $arguments = if ($command -eq 'Save-BananaImage') { @{ Path = "$TestDrive/unknown" } } else { @{} }
            $result = $unknown, 'no-id', $job.JobId | & $command @arguments -ErrorAction SilentlyContinue -ErrorVariable failed
            @($result).Count | Should -Be 1
            $failed.FullyQualifiedErrorId | ForEach-Object { $_.Split(',')[0] } | Sort-Object | Should -Be 'BananaJobNotFound', 'BananaRequestInvalid'
            "$($failed | Where-Object FullyQualifiedErrorId -Like 'BananaJobNotFound*')" | Should -BeLike "*$unknown*"
        }
    }

    It 'causes an error with the job as TargetObject if it failed' {
        $failing = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -FailureRate 1
        try {
            'a kite' | New-BananaImage | Wait-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
            $failed.FullyQualifiedErrorId | Should -Be 'BananaPromptDeclined,Apiframe.NanoBanana.Commands.WaitBananaJobCommand'
            "$failed" | Should -BeLike '*declined the prompt*The job cost nothing*'
            $failed[0].TargetObject.Status | Should -Be 'FAILED'
            $failed[0].TargetObject.FailureReason | Should -Be 'Declined'
            $failed[0].TargetObject.Prompt | Should -Be 'a kite'

            $failed[0].TargetObject | Save-BananaImage $TestDrive -ErrorAction SilentlyContinue -ErrorVariable unsaved
            $unsaved.FullyQualifiedErrorId | Should -BeLike 'BananaPromptDeclined,*'
            $failing.Counts.ImagesBilled | Should -Be 0
        }
        finally {
            $failing | Stop-BananaEmulator
        }
    }

    It 'causes a timeout error when -Timeout is <Name>' -ForEach @(
        @{ Name = 'a number'; Timeout = 0 }
        @{ Name = 'a number in a text'; Timeout = '0' }
        @{ Name = 'a time span'; Timeout = [timespan]::Zero }
        @{ Name = 'a time span in a text'; Timeout = '00:00:00' }
    ) {
        $slow = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600
        try {
            New-BananaImage 'a kite' | Wait-BananaJob -Timeout $Timeout -ErrorAction SilentlyContinue -ErrorVariable late
            $late.FullyQualifiedErrorId | Should -BeLike 'BananaWaitTimeout,*'
        }
        finally {
            $slow | Stop-BananaEmulator
        }
    }

    It 'is not waited for when -Timeout has the invalid value <_>' -ForEach 'soon', '10 min', '-00:10:00', ([timespan]::MaxValue) {
        { Wait-BananaJob 7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90 -Timeout $_ } | Should -Throw -ErrorId 'ParameterArgument*,Apiframe.NanoBanana.Commands.WaitBananaJobCommand'
    }

    It 'causes an error that describes valid timeouts when -Timeout is invalid' {
        { Wait-BananaJob 7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90 -Timeout soon } | Should -Throw "*'soon' is not a valid timeout. Use a number of seconds, such as 600, or a time span, such as 00:10:00.*"
    }

    It 'is the TargetObject of a timeout error, and can be piped again' {
        $slow = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600
        try {
            $job = New-BananaImage 'a kite'
            $job | Wait-BananaJob -TimeoutSec 0 -ErrorAction SilentlyContinue -ErrorVariable late
            $late.FullyQualifiedErrorId | Should -Be 'BananaWaitTimeout,Apiframe.NanoBanana.Commands.WaitBananaJobCommand'
            $late[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
            $late[0].TargetObject.JobId | Should -Be $job.JobId
            ($late[0].TargetObject | Get-BananaJob).JobId | Should -Be $job.JobId
        }
        finally {
            $slow | Stop-BananaEmulator
        }
    }

    It 'causes an error that suggests Wait-BananaJob if it is saved before it is completed' {
        $slow = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600
        try {
            New-BananaImage 'a kite' | Save-BananaImage $TestDrive -ErrorAction SilentlyContinue -ErrorVariable early
            $early.FullyQualifiedErrorId | Should -BeLike 'BananaJobNotFinished,*'
            "$early" | Should -BeLike '*Wait-BananaJob*'
        }
        finally {
            $slow | Stop-BananaEmulator
        }
    }

    It 'causes an error that states the cost and the balance when there are not enough credits' {
        $poor = Start-BananaEmulator -SetEnvironment -Credits 3
        try {
            New-BananaImage 'a kite' -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed.FullyQualifiedErrorId | Should -BeLike 'BananaInsufficientCredits,*'
            "$failed" | Should -BeLike '*costs 5 credits, and the balance is 3*'
            $failed[0].Exception.CreditsRequired | Should -Be 5
            $failed[0].TargetObject.Prompt | Should -Be 'a kite'
        }
        finally {
            $poor | Stop-BananaEmulator
        }
    }

    It 'causes a terminating error with -ErrorAction Stop' {
        { New-BananaImage '' -ErrorAction Stop } | Should -Throw -ErrorId 'BananaRequestInvalid,*'
    }
}

Describe 'A submission whose outcome is unknown' {
    BeforeAll {
        $lossy = Start-BananaEmulator -GenerationTimeSec 0.1 -Fault @{ ResetAfterAcceptance = 1 }
        New-BananaImage 'a kite' -Connection (New-BananaConnection -BaseUri $lossy.BaseUri -ApiKey $lossy.ApiKey -MaximumRetryCount 0) `
            -ErrorAction SilentlyContinue -ErrorVariable lost
        $request = $lost[0].TargetObject
    }

    AfterAll {
        $lossy | Stop-BananaEmulator
    }

    It 'still has an unknown outcome if it is piped again as <Name> and rejected because of another API key' -ForEach @(
        @{ Name = 'an object'; Convert = { $_ } }
        @{ Name = 'JSON'; Convert = { $_ | ConvertTo-Json | ConvertFrom-Json } }
        @{ Name = 'CLIXML'; Convert = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) } }
    ) {
        $request | ForEach-Object $Convert | New-BananaImage -ApiKey afk_wrong -ErrorAction SilentlyContinue -ErrorVariable refused

        $refused.FullyQualifiedErrorId | Should -Be 'BananaSubmissionUnknown,Apiframe.NanoBanana.Commands.NewBananaImageCommand'
        "$refused" | Should -BeLike '*Invalid API key*'
        "$refused" | Should -Not -BeLike '*Nothing was billed*'
        $refused[0].TargetObject.IdempotencyKey | Should -Be $request.IdempotencyKey
    }

    It 'is not confused with another prompt, which is rejected with a definite outcome' {
        $row = [pscustomobject]@{ Prompt = 'another'; IdempotencyKey = ''; OutcomeUnknownSince = '' }
        $row | New-BananaImage -ApiKey afk_wrong -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaAuthenticationFailed,*'
    }
}

Describe 'docs/errors.md' {
    It 'lists the errors that the module can write, each with its category, and no others' {
        $errors = (Get-Command New-BananaImage).ImplementingType.Assembly.GetType('Apiframe.NanoBanana.Errors')
        $written = $errors.GetProperty('All').GetValue($null) | ForEach-Object { "$($_.Item1) $($_.Item2)" } | Sort-Object
        $documented = Get-Content (Join-Path $RepositoryRoot 'docs/errors.md') | ForEach-Object {
            if ($_ -match '^\| `(Banana\w+)` \|[^|]*\| (\w+) \|') { "$($Matches[1]) $($Matches[2])" }
        } | Sort-Object

        $written.Count | Should -BeGreaterThan 20
        $documented | Should -Be $written
    }
}

Describe 'The text of an error' {
    It 'names the prompt and the job, what it cost, and what to do next' {
        $failing = Start-BananaEmulator -GenerationTimeSec 0.1 -FailureRate 1
        try {
            'a kite' | New-BananaImage -Connection (New-BananaConnection -BaseUri $failing.BaseUri -ApiKey $failing.ApiKey) | Wait-BananaJob -ErrorVariable failed -ErrorAction SilentlyContinue
            "$failed" | Should -BeLike "Job $($failed[0].TargetObject.JobId) ('a kite') failed: *. The job cost nothing. Change the prompt*"
        }
        finally {
            $failing | Stop-BananaEmulator
        }
    }

    It 'names the value that the service rejected' {
        'a', 'b' | New-BananaImage -Model nano-banana-9 -ErrorAction SilentlyContinue -ErrorVariable refused
        "$($refused[0])" | Should -BeLike "Prompt '?': The service rejected the request with HTTP status 400*The request contains Model 'nano-banana-9'. Nothing was billed. The request ID is *. Correct*"
    }

    It 'names the prompt or the job once, and gives advice once' {
        $job = New-BananaImage 'a red kite' | Wait-BananaJob
        $text = New-Item "$TestDrive/notes.txt" -Value 'text'
        New-BananaImage 'a kite' -Resolution big -ErrorAction SilentlyContinue -ErrorVariable value | Out-Null
        $job | Edit-BananaImage -Upscale 3 -ErrorAction SilentlyContinue -ErrorVariable factor | Out-Null
        $text | Edit-BananaImage -RemoveBackground -ErrorAction SilentlyContinue -ErrorVariable file | Out-Null

        "$value" | Should -Be "Resolution 'big' is not allowed. Use one of these values: 512px, 1K, 2K, 4K. No request was sent for prompt 'a kite'."
        "$factor" | Should -Be "Upscale '3' is not allowed with topaz-image-upscale. Use one of these values: 1, 2, 4, 6. No request was sent for job $($job.JobId) ('a red kite')."
        "$file" | Should -Be "Image '$($text.FullName)' is not a PNG, JPEG, WebP, or GIF file. Its first bytes do not match any of these formats. Use another file. No request was sent for image 'notes'."
    }

    It 'names the prompt even if the same letters already occur in the text' {
        'a', 'b' | New-BananaImage -IdempotencyKey ([guid]::NewGuid()) -ErrorAction SilentlyContinue -ErrorVariable refused | Out-Null
        "$refused" | Should -BeLike "IdempotencyKey *No request was sent for prompt 'b'. *"
    }
}

Describe 'A warning' {
    It 'is written once before images of a model that may ignore the search' {
        'a', 'b' | New-BananaImage -Model nano-banana-pro -GoogleSearch -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        'c' | New-BananaImage -ImageSearch -WarningVariable none | Out-Null
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*only for nano-banana and nano-banana-2. nano-banana-pro may ignore the search*billed anyway*'
        $none | Should -BeNullOrEmpty
    }

    It 'is written once if an image is saved shortly before its expiration or later, and the image is saved' -ForEach @(
        @{ Fields = @{ completedAt = [datetime]::UtcNow.AddHours(-22).ToString('o') }; Text = '*the job was completed 22 h ago*24 hours*' }
        @{ Fields = @{ completedAt = [datetime]::UtcNow.AddHours(-1).ToString('o'); expired = $true }; Text = '*lists the image as deleted*' }
        @{ Fields = @{ completedAt = [datetime]::UtcNow.AddHours(-19).ToString('o') }; Text = $null }
    ) {
        $jobs = 'a', 'b' | New-BananaImage | Wait-BananaJob
        # A webhook can report any completion time, so the test does not have to wait for hours.
        $late = foreach ($job in $jobs) {
            $body = @{ event = 'completed'; jobId = $job.JobId; status = 'COMPLETED'; result = @{ images = @("$($job.ImageUrl)") } } + $Fields | ConvertTo-Json
            $body | ConvertFrom-BananaWebhook -Signature (Get-WebhookSignature $body $env:APIFRAME_API_KEY)
        }

        $late | Save-BananaImage "$TestDrive/late" -Force -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 2
        $warnings | Should -HaveCount ([int]($null -ne $Text))
        if ($Text) { "$warnings" | Should -BeLike $Text }
    }
}
