BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.3
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'New-BananaImage | Wait-BananaJob | Save-BananaImage' {
    It 'turns two prompts into two files' {
        $files = 'a kite', 'a lighthouse' | New-BananaImage -Resolution 2K -OutputFormat png | Wait-BananaJob | Save-BananaImage -Path "$TestDrive/kites"

        $files.Count | Should -Be 2
        $files | Should -BeOfType System.IO.FileInfo
        $files | ForEach-Object { $_ | Get-ImageFormat } | ForEach-Object { "$($_.Format) $($_.Width)x$($_.Height)" } | Should -Be (@('png 2048x2048') * 2)
        Get-ChildItem "$TestDrive/kites" | ForEach-Object Extension | Sort-Object -Unique | Should -Be '.png'
    }

    It 'makes <Format> images at <Resolution> and <Ratio> with <Width> x <Height> pixels' -ForEach @(
        @{ Format = 'jpg'; Resolution = '512px'; Ratio = '1:1'; Width = 512; Height = 512 }
        @{ Format = 'jpg'; Resolution = '4K'; Ratio = '16:9'; Width = 5456; Height = 3072 }
        @{ Format = 'png'; Resolution = '1K'; Ratio = '3:4'; Width = 880; Height = 1184 }
        @{ Format = 'png'; Resolution = '4K'; Ratio = '1:1'; Width = 4096; Height = 4096 }
        @{ Format = 'webp'; Resolution = '2K'; Ratio = '1:1'; Width = 2048; Height = 2048 }
        @{ Format = 'webp'; Resolution = '4K'; Ratio = '1:1'; Width = 4096; Height = 4096 }
    ) {
        $image = New-BananaImage 'a banana' -Resolution $Resolution -OutputFormat $Format -AspectRatio $Ratio |
            Wait-BananaJob | Save-BananaImage -Path "$TestDrive/formats" | Get-ImageFormat

        "$($image.Format) $($image.Width) $($image.Height)" | Should -Be "$Format $Width $Height"
    }

    It 'bills each prompt once, and does not send the API key with downloads' {
        $before = (Get-BananaEmulator).Counts

        1..20 | ForEach-Object { "prompt $_" } | New-BananaImage | Wait-BananaJob | Save-BananaImage -Path "$TestDrive/many" | Should -HaveCount 20

        $after = (Get-BananaEmulator).Counts
        $after.ImagesBilled - $before.ImagesBilled | Should -Be 20
        $after.KeysSentToDownloads | Should -Be 0
    }

    It 'accepts a CSV with a column for every option' {
        @'
Prompt,Model,Resolution,AspectRatio,OutputFormat,ReferenceImage,GoogleSearch,ImageSearch,WebhookUrl,WebhookEvent,IdempotencyKey,ThrottleLimit
"a kite, red",nano-banana-pro,2k,16:9,PNG,https://a.example/1.png;https://a.example/2.png,true,yes,https://h.example/x,completed;failed,csv-1,4
a lighthouse,,,,,,,,,,,
'@ | Set-Content "$TestDrive/prompts.csv"

        $jobs = Import-Csv "$TestDrive/prompts.csv" | New-BananaImage | Sort-Object { $_.Prompt.Length } -Descending

        $jobs.Count | Should -Be 2
        $full = $jobs | Where-Object Model -EQ 'nano-banana-pro'
        $full.Prompt | Should -Be 'a kite, red'
        "$($full.Resolution) $($full.AspectRatio) $($full.OutputFormat) $($full.IdempotencyKey)" | Should -Be '2K 16:9 png csv-1'
        $full.ReferenceImage | Should -Be 'https://a.example/1.png', 'https://a.example/2.png'
        $full.GoogleSearch -and $full.ImageSearch | Should -BeTrue
        $plain = $jobs | Where-Object Model -EQ 'nano-banana-2'
        $plain.Resolution | Should -BeNullOrEmpty
        $plain.GoogleSearch | Should -BeFalse
    }

    It 'keeps é, 漢字, emoji and quotes in a prompt' {
        $prompt = "é 漢字 🍌 `"quoted`" 'single'`nnext"
        (New-BananaImage $prompt | Get-BananaJob).Prompt | Should -Be $prompt
        ($prompt | New-BananaImage | Wait-BananaJob).Prompt | Should -Be $prompt
    }

    It 'returns typed jobs with all their properties' {
        $job = New-BananaImage 'a kite' -Resolution 1K -OutputFormat webp | Wait-BananaJob

        $job | Should -BeOfType Apiframe.Client.BananaJob
        $job.Status | Should -Be 'COMPLETED'
        $job.Progress | Should -Be 100
        $job.ImageUrl.Scheme | Should -Be 'http'
        $job.CreditCost | Should -BeGreaterThan 0
        $job.CompletedAt | Should -BeGreaterThan $job.CreatedAt
        $job.RawJson | ConvertFrom-Json | ForEach-Object id | Should -Be $job.JobId
        [guid]::Parse($job.IdempotencyKey) | Should -BeOfType guid
        (Get-BananaJob $job.JobId).Prompt | Should -Be 'a kite'
    }

    It 'works with another server that implements the API' {
        $other = Start-BananaEmulator -GenerationTimeSec 0.1
        $before = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY
        try {
            $env:APIFRAME_BASE_URL = $other.BaseUri
            New-BananaImage 'a kite' -ApiKey $other.ApiKey | Wait-BananaJob | Save-BananaImage -Path "$TestDrive/other" | Should -HaveCount 1
            $other.Counts.ImagesBilled | Should -Be 1
        }
        finally {
            $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $before
            $other | Stop-BananaEmulator
        }
    }

    It 'submits a prompt without waiting for the image before it' {
        $slow = Start-BananaEmulator -GenerationTimeSec 600 -GenerationTimeSpread 0 -SetEnvironment
        try {
            # None of these can end, so all five are only submitted if waiting does not block the pipeline.
            1..5 | ForEach-Object { "prompt $_" } | New-BananaImage -ThrottleLimit 1 | Wait-BananaJob -Timeout 1 -ErrorAction SilentlyContinue -ErrorVariable late
            $slow.Counts.JobsAccepted | Should -Be 5
            $late.FullyQualifiedErrorId | Should -Be (@('BananaWaitTimeout,Apiframe.NanoBanana.Commands.WaitBananaJobCommand') * 5)
        }
        finally {
            $slow | Stop-BananaEmulator
        }
    }

    It 'completes every prompt under a limit of concurrent jobs' {
        $narrow = Start-BananaEmulator -GenerationTimeSec 1 -GenerationTimeSpread 0 -ConcurrentJobs 5 -SetEnvironment
        try {
            1..15 | ForEach-Object { "prompt $_" } | New-BananaImage | Wait-BananaJob | Save-BananaImage -Path "$TestDrive/narrow" | Should -HaveCount 15
            $narrow.Counts.ImagesBilled | Should -Be 15
            $narrow.Counts.Refusals | Should -BeGreaterThan 0 -Because 'else there was no limit'
        }
        finally {
            $narrow | Stop-BananaEmulator
        }
    }

    It 'writes an error when a rate limit lasts longer than -RateLimitTimeoutSec, and bills nothing for that prompt' {
        $narrow = Start-BananaEmulator -GenerationTimeSec 600 -ConcurrentJobs 1 -SetEnvironment
        try {
            New-BananaImage 'a kite' | Should -HaveCount 1
            New-BananaImage 'a lighthouse' -RateLimitTimeoutSec 0 -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
            $refused.FullyQualifiedErrorId | Should -Be 'BananaRateLimited,Apiframe.NanoBanana.Commands.NewBananaImageCommand'
            $refused[0].TargetObject.Prompt | Should -Be 'a lighthouse'
            $narrow.Counts.ImagesBilled | Should -Be 1
        }
        finally {
            $narrow | Stop-BananaEmulator
        }
    }

    It 'waits for many jobs with few requests' {
        $fleet = Start-BananaEmulator -GenerationTimeSec 3 -SetEnvironment
        try {
            1..50 | ForEach-Object { "prompt $_" } | New-BananaImage | Wait-BananaJob | Should -HaveCount 50
            $fleet.Counts.StatusRequests + $fleet.Counts.ListRequests | Should -BeLessThan 25
        }
        finally {
            $fleet | Stop-BananaEmulator
        }
    }
}
