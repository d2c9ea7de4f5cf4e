BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    $job = New-BananaImage 'a kite' -Resolution 512px | Wait-BananaJob
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'A job goes on as <Name>' -ForEach @(
    @{ Name = 'the object itself'; Make = { $job } }
    @{ Name = 'a bare id'; Make = { $job.JobId } }
    @{ Name = 'an object with a JobId'; Make = { [pscustomobject]@{ JobId = $job.JobId } } }
    @{ Name = 'an object with an Id'; Make = { [pscustomobject]@{ Id = $job.JobId; Other = 1 } } }
    @{ Name = 'a CSV row'; Make = { $job | Export-Csv "$TestDrive/job.csv"; Import-Csv "$TestDrive/job.csv" } }
    @{ Name = 'JSON and back'; Make = { $job | ConvertTo-Json | ConvertFrom-Json } }
    @{ Name = 'CLIXML and back'; Make = { $job | Export-Clixml "$TestDrive/job.xml"; Import-Clixml "$TestDrive/job.xml" } }
) {
    It 'to Get-BananaJob' {
        (& $Make | Get-BananaJob).JobId | Should -Be $job.JobId
    }

    It 'to Wait-BananaJob' {
        (& $Make | Wait-BananaJob).Status | Should -Be 'COMPLETED'
    }

    It 'to Save-BananaImage' {
        $file = & $Make | Save-BananaImage -Path "$TestDrive/$([guid]::NewGuid())"
        $file.Length | Should -BeGreaterThan 100
        $file.Name | Should -Be "a-kite-$($job.JobId.Split('-')[-1]).jpg"
    }
}

Describe 'Jobs and ids' {
    It 'are taken at position 0 and several at once' {
        (Get-BananaJob $job.JobId).JobId | Should -Be $job.JobId
        (Wait-BananaJob $job.JobId, $job.JobId).JobId | Should -Be $job.JobId, $job.JobId
        $job, $job.JobId | Wait-BananaJob | Should -HaveCount 2
    }

    It 'need no key as long as the job itself travels' {
        $url, $key = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY
        try {
            $submitted = New-BananaImage 'a kite'
            $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = 'http://127.0.0.1:9', $null
            $submitted | Wait-BananaJob | Save-BananaImage -Path "$TestDrive/keyless" | Should -HaveCount 1
        }
        finally {
            $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
        }
    }

    It 'are listed newest first, with filters and a limit' {
        $fleet = Start-BananaEmulator -GenerationTimeSec 0 -SetEnvironment
        try {
            $made = 1..5 | ForEach-Object { New-BananaImage "prompt $_" }
            New-BananaImage 'other model' -Model nano-banana-pro | Out-Null

            Get-BananaJob | Should -HaveCount 6
            (Get-BananaJob -First 2)[1].JobId | Should -Be $made[4].JobId
            Get-BananaJob -Model nano-banana-pro | Should -HaveCount 1
            Get-BananaJob -Status completed -Team | Should -HaveCount 6
            Get-BananaJob -Status FAILED | Should -BeNullOrEmpty
        }
        finally {
            $fleet | Stop-BananaEmulator
        }
    }

    It 'are listed a page at a time, and no page that nobody reads is asked for' {
        $fleet = Start-BananaEmulator -GenerationTimeSec 0 -SetEnvironment
        try {
            1..120 | ForEach-Object { "prompt $_" } | New-BananaImage -ThrottleLimit 16 | Out-Null

            (Get-BananaJob).JobId | Sort-Object -Unique | Should -HaveCount 120
            $fleet.Counts.ListRequests | Should -Be 2
            Get-BananaJob | Select-Object -First 5 | Should -HaveCount 5
            $fleet.Counts.ListRequests | Should -Be 3

            # Times have whole milliseconds.
            $latest = (Get-BananaJob -First 1).CreatedAt
            do { $later = New-BananaImage 'later' | Get-BananaJob } until ($later.CreatedAt -gt $latest)
            (Get-BananaJob -After $latest.LocalDateTime).JobId | Should -Be $later.JobId
            (Get-BananaJob -After $latest.UtcDateTime -First 1).JobId | Should -Be $later.JobId
            $fleet.Counts.ListRequests | Should -Be 6
            Get-BananaJob -After (Get-Date).AddHours(1) | Should -BeNullOrEmpty
        }
        finally {
            $fleet | Stop-BananaEmulator
        }
    }
}

Describe 'New-BananaImage' {
    It 'takes several prompts at once' {
        New-BananaImage 'a kite', 'a lighthouse' | Sort-Object Prompt | ForEach-Object Prompt | Should -Be 'a kite', 'a lighthouse'
    }

    It 'paints no object that has no prompt' {
        $before = $emulator.Counts.Submissions
        [pscustomobject]@{ Name = 'x' }, (Get-Item $PSScriptRoot), 7 | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.Count | Should -Be 3
        "$($refused[2])" | Should -BeLike '*A prompt is text, and this is a Int32: pipe strings, or objects with a Prompt property. Nothing was sent.*'
        $emulator.Counts.Submissions | Should -Be $before
    }

    It 'submits nothing under -WhatIf, needs no key for it, and says how many images and credits it would be' {
        $before = $emulator.Counts
        $key = $env:APIFRAME_API_KEY
        try {
            $env:APIFRAME_API_KEY = $null
            # What-if lines go to the host alone.
            $said = Invoke-FreshPowerShell "'a kite', 'a lighthouse' | New-BananaImage -Resolution 4K -WhatIf"
        }
        finally {
            $env:APIFRAME_API_KEY = $key
        }
        $said[0] | Should -BeLike 'What if:*Make an image (nano-banana-2, 4K)*a kite*'
        $said[2] | Should -Be 'What if: In all: 2 images, 8 to 30 credits.'
        $emulator.Counts.Submissions | Should -Be $before.Submissions
        # The price list, which is public.
        $emulator.Counts.Requests | Should -Be ($before.Requests + 1)
    }

    It 'says so under -WhatIf too when the prices cannot be had' {
        $url = $env:APIFRAME_BASE_URL
        try {
            $env:APIFRAME_BASE_URL = 'http://127.0.0.1:9'
            (Invoke-FreshPowerShell "New-BananaImage 'a kite' -WhatIf")[-1] | Should -Be 'What if: In all: 1 image.'
        }
        finally {
            $env:APIFRAME_BASE_URL = $url
        }
    }

    It 'gives the same job for the same key, bills it once, and says which key it used' {
        $before = $emulator.Counts.ImagesBilled
        $first = New-BananaImage 'a kite' -IdempotencyKey 'night-1'
        $again = New-BananaImage 'a kite' -IdempotencyKey 'night-1'
        $again.JobId | Should -Be $first.JobId
        $again.IdempotencyKey | Should -Be 'night-1'
        $emulator.Counts.ImagesBilled | Should -Be ($before + 1)
    }

    It 'makes a new image of <Name>, not the old one again' -ForEach @(
        @{ Name = 'a job that is piped in'; Make = { $job } }
        @{ Name = 'a row of a CSV of jobs'; Make = { $job | Export-Csv "$TestDrive/jobs.csv"; Import-Csv "$TestDrive/jobs.csv" } }
        @{ Name = 'a job that was JSON'; Make = { $job | ConvertTo-Json | ConvertFrom-Json } }
    ) {
        $again = & $Make | New-BananaImage
        $again.JobId | Should -Not -Be $job.JobId
        "$($again.Prompt) $($again.Resolution)" | Should -Be 'a kite 512px'
    }

    It 'refuses one key for two prompts of a call' {
        $made = 'a kite', 'a lighthouse' | New-BananaImage -IdempotencyKey 'night-2' -ErrorAction SilentlyContinue -ErrorVariable refused
        $made | Should -HaveCount 1
        $refused.FullyQualifiedErrorId | Should -Be 'BananaIdempotencyConflict,Apiframe.NanoBanana.Commands.NewBananaImageCommand'
    }

    It 'takes a key as plain text and as a secret' {
        $plain = [System.Net.NetworkCredential]::new('', $emulator.ApiKey).Password
        New-BananaImage 'a kite' -ApiKey $plain | Should -HaveCount 1
        New-BananaImage 'a kite' -ApiKey $emulator.ApiKey | Should -HaveCount 1
        [pscustomobject]@{ Prompt = 'a kite'; ApiKey = $plain } | New-BananaImage | Should -HaveCount 1
    }
}
