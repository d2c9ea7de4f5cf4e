BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    $job = New-BananaImage 'a kite' -Resolution 512px | Wait-BananaJob
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'A job that is piped as <Name>' -ForEach @(
    @{ Name = 'the object itself'; Make = { $job } }
    @{ Name = 'a bare id'; Make = { $job.JobId } }
    @{ Name = 'an object with a JobId'; Make = { [pscustomobject]@{ JobId = $job.JobId } } }
    @{ Name = 'an object with an Id'; Make = { [pscustomobject]@{ Id = $job.JobId; Other = 1 } } }
    @{ Name = 'a CSV row'; Make = { $job | Export-Csv "$TestDrive/job.csv"; Import-Csv "$TestDrive/job.csv" } }
    @{ Name = 'JSON and back'; Make = { $job | ConvertTo-Json | ConvertFrom-Json } }
    @{ Name = 'CLIXML and back'; Make = { $job | Export-Clixml "$TestDrive/job.xml"; Import-Clixml "$TestDrive/job.xml" } }
) {
    It 'is accepted by Get-BananaJob' {
        (& $Make | Get-BananaJob).JobId | Should -Be $job.JobId
    }

    It 'is accepted by Wait-BananaJob' {
        (& $Make | Wait-BananaJob).Status | Should -Be 'COMPLETED'
    }

    It 'is accepted by Save-BananaImage' {
        $file = & $Make | Save-BananaImage -Path "$TestDrive/$([guid]::NewGuid())"
        $file.Length | Should -BeGreaterThan 100
        $file.Name | Should -Be "a-kite-$((ConvertTo-Hex (Get-Sha256 $job.JobId)).Substring(0, 12)).jpg"
    }
}

Describe 'A resolution' {
    It 'is sent as 512px if it is given as 512 or 0.5K, as an argument or in a CSV' {
        (New-BananaImage 'a kite' -Resolution 512 | Get-BananaJob).Resolution | Should -BeExactly '512px'
        ("Prompt,Resolution`na kite,0.5K`na kite,512" | ConvertFrom-Csv | New-BananaImage | Get-BananaJob).Resolution | Should -BeExactly '512px', '512px'
    }
}

Describe 'New-BananaImage -InputObject' {
    It 'edits the image of the job with its options and each <Name>' -ForEach @(
        @{ Name = 'prompt that is piped'; Edit = { 'at night', 'in snow' | New-BananaImage -InputObject $job } }
        @{ Name = 'specified prompt'; Edit = { New-BananaImage 'at night', 'in snow' -InputObject $job } }
        @{ Name = 'row that is piped'; Edit = { "Prompt`nat night`nin snow" | ConvertFrom-Csv | New-BananaImage -InputObject $job } }
    ) {
        $edits = & $Edit | Get-BananaJob
        $edits.Prompt | Sort-Object | Should -Be 'at night', 'in snow'
        $edits.Resolution | Should -Be '512px', '512px'
        $edits.Options.ReferenceImage | Should -Be "$($job.ImageUrls)", "$($job.ImageUrls)"
    }

    It 'adds the reference images of a row to the image of the job' {
        $edit = [pscustomobject]@{ Prompt = 'at night'; ReferenceImage = 'https://example.org/a.png' } | New-BananaImage -InputObject $job | Get-BananaJob
        $edit.Options.ReferenceImage | Should -Be "$($job.ImageUrls)", 'https://example.org/a.png'
    }

    It 'rejects <Name> before anything is sent' -ForEach @(
        @{ Name = 'a text'; Value = 'photo.jpg' }
        @{ Name = 'a missing job'; Value = $null }
        @{ Name = 'a row'; Value = [pscustomobject]@{ Prompt = 'a kite' } }
    ) {
        $before = $emulator.Counts.Requests
        { New-BananaImage 'at night' -InputObject $Value } | Should -Throw "*is not a job. -InputObject accepts a job*"
        $emulator.Counts.Requests | Should -Be $before
    }
}

Describe 'Jobs and job IDs' {
    It 'are accepted at position 0 and as a list' {
        (Get-BananaJob $job.JobId).JobId | Should -Be $job.JobId
        (Wait-BananaJob $job.JobId, $job.JobId).JobId | Should -Be $job.JobId, $job.JobId
        $job, $job.JobId | Wait-BananaJob | Should -HaveCount 2
    }

    It 'need no key when the job object itself is piped' {
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
            Get-BananaJob -Model nano-*-pro | Should -HaveCount 1
            Get-BananaJob -Model nano* | Should -HaveCount 6
            (Get-BananaJob -Model *-2 -First 2).JobId | Should -Be $made[4].JobId, $made[3].JobId
            Get-BananaJob -Model other* | Should -BeNullOrEmpty
            (Get-BananaJob -Status failed, completed -First 2)[1].JobId | Should -Be $made[4].JobId
            Get-BananaJob -Running | Should -BeNullOrEmpty
            Get-BananaJob -Running -Status COMPLETED | Should -HaveCount 6
        }
        finally {
            $fleet | Stop-BananaEmulator
        }
    }

    It 'are returned by -Running while they are queued or processing' {
        $slow = Start-BananaEmulator -GenerationTimeSec 600 -SetEnvironment
        try {
            $made = New-BananaImage 'a kite', 'a lighthouse'

            (Get-BananaJob -Running).JobId | Sort-Object | Should -Be ($made.JobId | Sort-Object)
            (Get-BananaJob -Running).Status | Sort-Object -Unique | Should -BeIn 'QUEUED', 'PROCESSING'
            Get-BananaJob -Running -First 1 | Should -HaveCount 1
        }
        finally {
            $slow | Stop-BananaEmulator
        }
    }

    It 'cannot be listed by an invalid status, which causes an error before any request is sent' {
        $before = $emulator.Counts.Requests
        Get-BananaJob -Status COMPLETED, RUNNING -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaRequestInvalid,*'
        "$refused" | Should -BeLike "'RUNNING' is not a valid job status. Use one of these values: QUEUED, PROCESSING, COMPLETED, FAILED, CANCELLED.*"
        $refused[0].TargetObject | Should -Be 'RUNNING'
        $emulator.Counts.Requests | Should -Be $before
    }

    It 'are listed page by page, and pages that are not needed are not requested' {
        $fleet = Start-BananaEmulator -GenerationTimeSec 0 -SetEnvironment
        try {
            1..120 | ForEach-Object { "prompt $_" } | New-BananaImage -ThrottleLimit 16 | Out-Null

            (Get-BananaJob).JobId | Sort-Object -Unique | Should -HaveCount 120
            $fleet.Counts.ListRequests | Should -Be 2
            Get-BananaJob | Select-Object -First 5 | Should -HaveCount 5
            $fleet.Counts.ListRequests | Should -Be 3

            # Times have whole milliseconds, so jobs that are submitted immediately after each other can have the same time.
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
    It 'accepts several prompts in one argument' {
        New-BananaImage 'a kite', 'a lighthouse' | Sort-Object Prompt | ForEach-Object Prompt | Should -Be 'a kite', 'a lighthouse'
    }

    It 'rejects input that is not a string and has no Prompt property' {
        $before = $emulator.Counts.Submissions
        [pscustomobject]@{ Name = 'x' }, (Get-Item $PSScriptRoot), 7 | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.Count | Should -Be 3
        "$($refused[2])" | Should -BeLike '*A prompt must be text, but the input is of type Int32. No request was sent. Pipe strings, or objects with a Prompt property.*'
        $emulator.Counts.Submissions | Should -Be $before
    }

    It 'writes an error that says which delimiter or column name a CSV needs' {
        $rows = @('Prompt;Resolution', 'a kite;2K' | ConvertFrom-Csv; 'Promt,Resolution', 'a kite,2K' | ConvertFrom-Csv)
        $rows | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused | Should -HaveCount 2
        "$($refused[0])" | Should -BeLike "*property 'Prompt;Resolution'*Import-Csv -Delimiter ';'*"
        "$($refused[1])" | Should -BeLike "*properties 'Promt', 'Resolution'. No request was sent. Rename 'Promt' to 'Prompt'*"
    }

    It 'warns once about each column whose name resembles a parameter, before the first submission' {
        $csv = 'Prompt,Aspect Ratio,Resolutoin,Sku', 'a kite,16:9,2K,7', 'a lighthouse,16:9,2K,8'
        $before = $emulator.Counts.Submissions
        { $csv | ConvertFrom-Csv | New-BananaImage -WarningAction Stop } | Should -Throw
        $emulator.Counts.Submissions | Should -Be $before

        $made = $csv | ConvertFrom-Csv | New-BananaImage -WarningAction SilentlyContinue -WarningVariable warned
        $made | Should -HaveCount 2
        $warned | Should -HaveCount 2
        "$($warned[0])" | Should -BeLike "*'Aspect Ratio' is ignored*-AspectRatio*"
        "$($warned[1])" | Should -BeLike "*'Resolutoin' is ignored*-Resolution*"
    }

    It 'does not warn about the properties of <Name>' -ForEach @(
        @{ Name = 'a job'; As = { $job } }
        @{ Name = 'a job from a CSV'; As = { $job | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'a job from JSON'; As = { $job | ConvertTo-Json | ConvertFrom-Json } }
        @{ Name = 'a request'; As = { New-BananaImage 'x' -Model '' -ApiKey afk_wrong -ErrorAction SilentlyContinue -ErrorVariable e; $e.TargetObject | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        & $As | New-BananaImage -WarningVariable warned | Out-Null
        $warned | Should -BeNullOrEmpty
    }

    It 'rejects a malformed aspect ratio, and submits a well-formed one that the module does not know' {
        $before = $emulator.Counts.Requests
        New-BananaImage 'a kite' -AspectRatio 16x9 -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        "$refused" | Should -BeLike "*AspectRatio '16x9' is not allowed. Use width:height*No request was sent for prompt 'a kite'."
        $emulator.Counts.Requests | Should -Be $before
        (New-BananaImage 'a kite' -AspectRatio 7:5).AspectRatio | Should -Be '7:5'
    }

    It 'submits nothing with -WhatIf, needs no key for it, and shows the number of images and credits' {
        $before = $emulator.Counts
        $key = $env:APIFRAME_API_KEY
        try {
            $env:APIFRAME_API_KEY = $null
            # What-if messages are written only to the host, so a new process captures them.
            $said = Invoke-FreshPowerShell "'a kite', 'a lighthouse' | New-BananaImage -Resolution 4K -WhatIf"
        }
        finally {
            $env:APIFRAME_API_KEY = $key
        }
        $said[0] | Should -BeLike 'What if:*Make an image (nano-banana-2, 4K)*a kite*'
        $said[2] | Should -Be 'What if: Total: 2 images, 8 to 30 credits.'
        $emulator.Counts.Submissions | Should -Be $before.Submissions
        # The only request is for the price list, which needs no key.
        $emulator.Counts.Requests | Should -Be ($before.Requests + 1)
    }

    It 'shows with -WhatIf only the images that -MaximumCredit allows, and reports a model that the service does not list' {
        $flat = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -CreditCost 8
        try {
            $said = Invoke-FreshPowerShell "'a', 'b', 'c' | New-BananaImage -MaximumCredit 20 -WhatIf"
            @($said -like '*Make an image*') | Should -HaveCount 2
            $said[-1] | Should -BeLike 'What if: Total: 2 images, 16 to 16 credits. -MaximumCredit 20 may not cover 1 more image*'
            'a', 'b', 'c' | New-BananaImage -MaximumCredit 20 -ErrorAction SilentlyContinue | Should -HaveCount 2
            (Invoke-FreshPowerShell "New-BananaImage 'a' -Model nano-bananna -WhatIf")[-1] | Should -BeLike "*The service does not list the model 'nano-bananna'*"
        }
        finally {
            $flat | Stop-BananaEmulator
        }
    }

    It 'makes -Count images of a prompt, each with its own key and number' {
        $before = $emulator.Counts.ImagesBilled
        $made = New-BananaImage 'four kites' -Count 4 -Resolution 512px
        $made.Number | Sort-Object | Should -Be 1, 2, 3, 4
        $made.IdempotencyKey | Sort-Object -Unique | Should -HaveCount 4
        $emulator.Counts.ImagesBilled | Should -Be ($before + 4)
        $files = $made | Wait-BananaJob | Save-BananaImage "$TestDrive/four"
        ($files.Name | Sort-Object) -join ' ' | Should -Match '^four-kites-1-\w{12}.jpg four-kites-2-\w{12}.jpg four-kites-3-\w{12}.jpg four-kites-4-\w{12}.jpg$'
        $named = $made | Save-BananaImage "$TestDrive/named" -FileName kite
        $named.Name | Sort-Object | Should -Be 'kite-1.jpg', 'kite-2.jpg', 'kite-3.jpg', 'kite-4.jpg'
    }

    It 'keeps the numbers of -Count when failed requests and jobs are piped again' {
        $refusing = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -Refusal InvalidKey -FailureRate 1
        try {
            New-BananaImage 'three kites' -Count 3 -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
            $refusing.Refusal = 'None'
            $made = $refused.TargetObject | New-BananaImage
            $made.Number | Sort-Object | Should -Be 1, 2, 3
            $made | Wait-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
            ($failed.TargetObject | New-BananaImage).Number | Sort-Object | Should -Be 1, 2, 3
            ($made[0] | New-BananaImage 'at night' -ErrorAction SilentlyContinue).Number | Should -BeNullOrEmpty
        }
        finally {
            $refusing | Stop-BananaEmulator
        }
    }

    It 'makes -Count images only once under <Name> when it is run twice' -ForEach @(
        @{ Name = 'a scope'; Options = { @{ IdempotencyScope = 'count' } } }
        @{ Name = 'a journal'; Options = { @{ Journal = "$TestDrive/count.jsonl" } } }
    ) {
        $options = & $Options
        $before = $emulator.Counts.ImagesBilled
        $first = 'a', 'b' | New-BananaImage -Count 2 @options
        $again = 'a', 'b' | New-BananaImage -Count 2 @options
        $again.JobId | Sort-Object | Should -Be ($first.JobId | Sort-Object)
        $again.Number | Sort-Object | Should -Be 1, 1, 2, 2
        $emulator.Counts.ImagesBilled | Should -Be ($before + 4)
    }

    It 'counts each image of -Count toward -MaximumCredit and in the total of -WhatIf' {
        $flat = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -CreditCost 8
        try {
            New-BananaImage 'a' -Count 4 -MaximumCredit 20 -ErrorAction SilentlyContinue -ErrorVariable rest | Should -HaveCount 2
            $rest[0].TargetObject | Should -HaveCount 2
            (Invoke-FreshPowerShell "New-BananaImage 'a' -Count 4 -WhatIf")[-1] | Should -Be 'What if: Total: 4 images, 32 to 32 credits.'
        }
        finally {
            $flat | Stop-BananaEmulator
        }
    }

    It 'rejects -Count 2 together with -IdempotencyKey' {
        $before = $emulator.Counts.Submissions
        New-BananaImage 'a' -Count 2 -IdempotencyKey 'one' -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        "$refused" | Should -BeLike "*'one' identifies one image*-Count 2*No request was sent*"
        $emulator.Counts.Submissions | Should -Be $before
    }

    It 'omits the credits from the total of -WhatIf when the prices are not available' {
        $url = $env:APIFRAME_BASE_URL
        try {
            $env:APIFRAME_BASE_URL = 'http://127.0.0.1:9'
            (Invoke-FreshPowerShell "New-BananaImage 'a kite' -WhatIf")[-1] | Should -Be 'What if: Total: 1 image.'
        }
        finally {
            $env:APIFRAME_BASE_URL = $url
        }
    }

    It 'returns the same job for the same key, bills it once, and includes the key in the job' {
        $before = $emulator.Counts.ImagesBilled
        $first = New-BananaImage 'a kite' -IdempotencyKey 'night-1'
        $again = New-BananaImage 'a kite' -IdempotencyKey 'night-1'
        $again.JobId | Should -Be $first.JobId
        $again.IdempotencyKey | Should -Be 'night-1'
        $emulator.Counts.ImagesBilled | Should -Be ($before + 1)
    }

    It 'makes a new image from <Name> instead of returning the existing job' -ForEach @(
        @{ Name = 'a job that is piped in'; Make = { $job } }
        @{ Name = 'a row of a CSV of jobs'; Make = { $job | Export-Csv "$TestDrive/jobs.csv"; Import-Csv "$TestDrive/jobs.csv" } }
        @{ Name = 'a job that was JSON'; Make = { $job | ConvertTo-Json | ConvertFrom-Json } }
    ) {
        $again = & $Make | New-BananaImage
        $again.JobId | Should -Not -Be $job.JobId
        "$($again.Prompt) $($again.Resolution)" | Should -Be 'a kite 512px'
    }

    It 'rejects the same idempotency key for two prompts in one command' {
        $made = 'a kite', 'a lighthouse' | New-BananaImage -IdempotencyKey 'night-2' -ErrorAction SilentlyContinue -ErrorVariable refused
        $made | Should -HaveCount 1
        $refused.FullyQualifiedErrorId | Should -Be 'BananaIdempotencyConflict,Apiframe.NanoBanana.Commands.NewBananaImageCommand'
    }

    It 'accepts the API key as plain text and as a SecureString' {
        $plain = [System.Net.NetworkCredential]::new('', $emulator.ApiKey).Password
        New-BananaImage 'a kite' -ApiKey $plain | Should -HaveCount 1
        New-BananaImage 'a kite' -ApiKey $emulator.ApiKey | Should -HaveCount 1
        [pscustomobject]@{ Prompt = 'a kite'; ApiKey = $plain } | New-BananaImage | Should -HaveCount 1
    }
}

Describe 'A failed request that is piped again after <Name>' -ForEach @(
    @{ Name = 'Export-Csv and Import-Csv'; Through = { $input | Export-Csv "$TestDrive/refused.csv"; Import-Csv "$TestDrive/refused.csv" } }
    @{ Name = 'Export-Csv and Import-Csv in another culture'; Through = {
            $culture = [cultureinfo]::CurrentCulture
            try {
                [cultureinfo]::CurrentCulture = 'de-DE'
                $input | Export-Csv "$TestDrive/refused.csv"
                Import-Csv "$TestDrive/refused.csv" | ForEach-Object { $_ }
            }
            finally { [cultureinfo]::CurrentCulture = $culture }
        }
    }
    @{ Name = 'JSON and back'; Through = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
    @{ Name = 'CLIXML and back'; Through = { $input | Export-Clixml "$TestDrive/refused.xml"; Import-Clixml "$TestDrive/refused.xml" } }
) {
    It 'is submitted with all its parameters' {
        $busy = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -Credits 0
        Copy-Item -LiteralPath ($job | Save-BananaImage "$TestDrive/$([guid]::NewGuid())").FullName "$TestDrive/lamp.jpg"
        try {
            $options = @{ Resolution = '512px'; AspectRatio = '1:1'; OutputFormat = 'png'; GoogleSearch = $true; WebhookUrl = 'http://127.0.0.1:9/hook' }
            $references = 'https://a.example/1.png?a=1;b=2', "$TestDrive/lamp.jpg", 'https://a.example/2.png'
            New-BananaImage "a kite,`n""at"" night" @options -ReferenceImage $references -WebhookEvent failed, progress -ErrorAction SilentlyContinue -ErrorVariable refused
            New-BananaImage 'plain' -ErrorAction SilentlyContinue -ErrorVariable +refused
            $refused.FullyQualifiedErrorId | Should -BeLike 'BananaInsufficientCredits,*'
            $busy | Stop-BananaEmulator

            $busy = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0
            $again = $refused.TargetObject | & $Through | New-BananaImage -ErrorVariable failed
            $failed | Should -BeNullOrEmpty
            $again | Should -HaveCount 2
            $again.IdempotencyKey | Should -Be $refused.TargetObject.IdempotencyKey
            $again[0].Prompt | Should -Be "a kite,`n""at"" night"
            $again[0].Resolution, $again[0].AspectRatio, $again[0].OutputFormat, $again[0].GoogleSearch, $again[0].ImageSearch | Should -Be '512px', '1:1', 'png', $true, $false
            $again[0].ReferenceImage | Should -HaveCount 3
            $again[0].ReferenceImage[0] | Should -Be $references[0]
            $again[0].ReferenceImage[1] | Should -Match '^http.*/uploads/'
            $again[0].ReferenceImage[2] | Should -Be $references[2]
            $again[1].ReferenceImage | Should -BeNullOrEmpty
            # The service does not return the webhook parameters in a job, so the next error shows them.
            $refused[0].TargetObject | & $Through | New-BananaImage -ApiKey afk_wrong -ErrorAction SilentlyContinue -ErrorVariable denied
            $denied[0].TargetObject.WebhookUrl | Should -Be 'http://127.0.0.1:9/hook'
            $denied[0].TargetObject.WebhookEvent | Should -Be 'failed', 'progress'
        }
        finally {
            $busy | Stop-BananaEmulator
        }
    }

    It 'is submitted under its own idempotency key if its outcome is unknown' {
        $lossy = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -Fault AnswerLost
        try {
            $connection = New-BananaConnection -MaximumRetryCount 0
            New-BananaImage 'a kite' -Connection $connection -ErrorAction SilentlyContinue -ErrorVariable unknown
            $unknown.FullyQualifiedErrorId | Should -BeLike 'BananaSubmissionUnknown,*'
            $unknown.TargetObject | & $Through | New-BananaImage -Connection $connection -ErrorAction SilentlyContinue -ErrorVariable again
            $again.FullyQualifiedErrorId | Should -BeLike 'BananaSubmissionUnknown,*'
            $again[0].TargetObject.IdempotencyKey | Should -Be $unknown[0].TargetObject.IdempotencyKey
            [Math]::Abs(($again[0].TargetObject.OutcomeUnknownSince - $unknown[0].TargetObject.OutcomeUnknownSince).TotalSeconds) | Should -BeLessThan 1
            $lossy.Counts.ImagesBilled | Should -Be 1
        }
        finally {
            $lossy | Stop-BananaEmulator
        }
    }
}

Describe 'Lists in a CSV of jobs' {
    It 'are readable cells with the values separated by semicolons' {
        $references = 'https://a.example/1.png', 'https://a.example/2.png'
        $made = New-BananaImage 'a kite' -ReferenceImage $references | Wait-BananaJob
        $row = $made | ConvertTo-Csv | ConvertFrom-Csv
        $row.ReferenceImage | Should -Be 'https://a.example/1.png;https://a.example/2.png'
        $row.ImageUrls | Should -Be $made.ImageUrl.AbsoluteUri
        $made | Export-Clixml "$TestDrive/lists.xml"
        $row = Import-Clixml "$TestDrive/lists.xml" | ConvertTo-Csv | ConvertFrom-Csv
        $row.ReferenceImage, $row.ImageUrls | Should -Be 'https://a.example/1.png;https://a.example/2.png', $made.ImageUrl.AbsoluteUri
        ($row | New-BananaImage | Get-BananaJob).ReferenceImage | Should -Be $references
        ($job | ConvertTo-Csv | ConvertFrom-Csv).ReferenceImage | Should -BeNullOrEmpty
        ($job | ConvertTo-Csv) -join '' | Should -Not -Match 'System\.|ImageOptions \{'
        ([pscustomobject]@{ JobId = 'x'; Prompt = 'a'; ReferenceImage = $row.ReferenceImage } | Export-BananaGallery "$TestDrive/cells.html" -PassThru | Get-Content -Raw) |
            Should -BeLike '*2 references*'
    }
}
