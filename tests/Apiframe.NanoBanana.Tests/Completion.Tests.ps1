BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force

    # Returns the completions that Tab offers at the end of a line.
    function Get-Offer([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches
    }

    # Returns the completed lines for a line with the cursor at the vertical bar.
    function Get-CompletedLine([string] $Line) {
        $cursor = $Line.IndexOf('|')
        $typed = $Line.Remove($cursor, 1)
        $found = TabExpansion2 $typed $cursor
        foreach ($match in $found.CompletionMatches) {
            $typed.Remove($found.ReplacementIndex, $found.ReplacementLength).Insert($found.ReplacementIndex, $match.CompletionText)
        }
    }
}

Describe 'Tab' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'New-BananaImage x -Model nano-banana-p|'; Completed = 'New-BananaImage x -Model nano-banana-pro' }
        @{ Line = 'New-BananaImage x -Model NANO-BANANA-2-L|'; Completed = 'New-BananaImage x -Model nano-banana-2-lite' }
        @{ Line = 'New-BananaImage x -Model:nano-banana-p|'; Completed = 'New-BananaImage x -Model:nano-banana-pro' }
        @{ Line = "New-BananaImage x -Model 'nano-banana-p|'"; Completed = "New-BananaImage x -Model 'nano-banana-pro'" }
        @{ Line = "New-BananaImage x -Model 'nano-banana-p|"; Completed = "New-BananaImage x -Model 'nano-banana-pro'" }
        @{ Line = 'New-BananaImage x -Model "nano-banana-p|" -Resolution 2K'; Completed = 'New-BananaImage x -Model "nano-banana-pro" -Resolution 2K' }
        @{ Line = 'New-BananaImage x -Resolution 5|'; Completed = "New-BananaImage x -Resolution '512px'" }
        @{ Line = 'New-BananaImage x -Resolution "2k|"'; Completed = 'New-BananaImage x -Resolution "2K"' }
        @{ Line = 'New-BananaImage x -AspectRatio 16:|'; Completed = "New-BananaImage x -AspectRatio '16:9'" }
        @{ Line = 'New-BananaImage x -OutputFormat W|'; Completed = 'New-BananaImage x -OutputFormat webp' }
        @{ Line = 'New-BananaImage x -WebhookEvent completed,f|'; Completed = 'New-BananaImage x -WebhookEvent completed,failed' }
        @{ Line = 'New-BananaImage x -WebhookEvent p|, failed'; Completed = 'New-BananaImage x -WebhookEvent progress, failed' }
        @{ Line = 'Edit-BananaImage x -Upscale 4 -Model c|'; Completed = 'Edit-BananaImage x -Upscale 4 -Model clarity-upscale' }
        @{ Line = 'Edit-BananaImage x -RemoveBackground -Model 8|'; Completed = "Edit-BananaImage x -RemoveBackground -Model '851-bg-remove'" }
        @{ Line = 'Edit-BananaImage x -Upscale 6|'; Completed = 'Edit-BananaImage x -Upscale 6' }
        @{ Line = 'Edit-BananaImage x -RemoveBackground -BackgroundType w|'; Completed = 'Edit-BananaImage x -RemoveBackground -BackgroundType white' }
        @{ Line = 'Edit-BananaImage x -Upscale 2 -ModelType t|'; Completed = 'Edit-BananaImage x -Upscale 2 -ModelType text-refine' }
        @{ Line = 'Get-BananaJob -Status proc|'; Completed = 'Get-BananaJob -Status PROCESSING' }
        @{ Line = 'Get-BananaJob -Model nano-banana-p|'; Completed = 'Get-BananaJob -Model nano-banana-pro' }
        @{ Line = 'Get-BananaModel nano-banana-p|'; Completed = 'Get-BananaModel nano-banana-pro' }
        @{ Line = 'Get-BananaModel -Modality V|'; Completed = 'Get-BananaModel -Modality video' }
        @{ Line = 'Start-BananaEmulator -Fault answerl|'; Completed = 'Start-BananaEmulator -Fault AnswerLost' }
        @{ Line = 'Start-BananaEmulator -Fault AnswerLost=0.1,downloadcu|'; Completed = 'Start-BananaEmulator -Fault AnswerLost=0.1,DownloadCut' }
        @{ Line = 'Start-BananaEmulator -Progress st|'; Completed = 'Start-BananaEmulator -Progress Stuck' }
    ) {
        Get-CompletedLine $Line | Should -Be $Completed
    }

    It 'offers every matching choice: <Line>' -ForEach @(
        @{ Line = 'New-BananaImage x -Model |'; Count = 4 }
        @{ Line = 'New-BananaImage x -Resolution |'; Count = 4 }
        @{ Line = 'New-BananaImage x -OutputFormat |'; Count = 3 }
        @{ Line = 'New-BananaImage x -WebhookEvent |'; Count = 3 }
        @{ Line = 'Edit-BananaImage x -Model |'; Count = 4 }
        @{ Line = 'Edit-BananaImage x -RemoveBackground -Model |'; Count = 2 }
        @{ Line = 'Edit-BananaImage x -Upscale |'; Count = 4 }
        @{ Line = 'Get-BananaJob -Status |'; Count = 5 }
        @{ Line = 'Get-BananaModel -Modality |'; Count = 4 }
        @{ Line = 'Get-BananaModel nano-banana-2|'; Count = 2 }
        @{ Line = 'Start-BananaEmulator -Fault |'; Count = 48 }
    ) {
        Get-CompletedLine $Line | Should -HaveCount $Count
    }

    It 'completes -<_> to values that reach the service unchanged' -ForEach 'Resolution', 'AspectRatio', 'OutputFormat', 'Model' {
        $parameter = $_
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        try {
            $lines = Get-CompletedLine "New-BananaImage x -ReferenceImage https://a.example/1.png -$parameter |"
            foreach ($line in $lines) {
                $job = Invoke-Expression $line
                $line | Should -Match "-$parameter '?$([regex]::Escape($job.$parameter))'?$"
            }
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }

    It 'offers the aspect ratios that providers of the model agree on' {
        $ratios = (Get-Offer 'New-BananaImage x -AspectRatio ').ListItemText
        '1:1 1:4 1:8 2:3 3:2 3:4 4:1 4:3 4:5 5:4 8:1 9:16 16:9 21:9'.Split() | Where-Object { $_ -notin $ratios } | Should -BeNullOrEmpty
    }

    It 'sends no request over the network' {
        $emulator = Start-BananaEmulator -SetEnvironment
        try {
            'New-BananaImage x -Model |', 'New-BananaImage -|', 'Get-BananaModel |', 'Get-BananaJob -Status |', 'New-BananaImage x -Connection |' | ForEach-Object { Get-CompletedLine $_ } | Should -Not -BeNullOrEmpty
            $emulator.Counts.Requests | Should -Be 0
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}

Describe 'Tab for a job ID' {
    BeforeAll {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $journal = "$TestDrive/autumn.jsonl"
        $kite = New-BananaImage 'a kite'
        $noted = 'a lighthouse', 'a harbour' | New-BananaImage -Journal $journal
        $emulator | Stop-BananaEmulator
    }

    It 'offers the jobs of this session for <_>, newest first, without a key or a service' -ForEach 'Get-BananaJob', 'Wait-BananaJob', 'Save-BananaImage' {
        $env:APIFRAME_API_KEY | Should -BeNullOrEmpty
        $offered = (Get-Offer "$_ -JobId ").ListItemText
        $offered.Count | Should -BeGreaterOrEqual 3
        $offered[0, 1] | Sort-Object | Should -Be ($noted.JobId | Sort-Object)
        $offered[2] | Should -Be $kite.JobId
        # The first argument of Save-BananaImage can be a folder too.
        if ($_ -ne 'Save-BananaImage') { (Get-Offer "$_ ").ListItemText | Should -Be $offered }
    }

    It 'completes a partial ID, and shows the status and prompt of the job' {
        $offered = Get-Offer "Wait-BananaJob $($kite.JobId.Substring(0, 30))"
        $offered.CompletionText.Trim("'") | Should -Be $kite.JobId
        $offered.ToolTip | Should -Be 'QUEUED: a kite'
    }

    It 'offers the jobs of the journal in -Journal, and nothing if the journal cannot be read' {
        Push-Location $TestDrive
        try {
            $offered = Get-Offer 'Wait-BananaJob -Journal ./autumn.jsonl -JobId '
            $offered.ListItemText | Sort-Object | Should -Be ($noted.JobId | Sort-Object)
            $offered.ToolTip | Should -Contain 'Accepted: a lighthouse'
            Get-Offer 'Wait-BananaJob -Journal ./missing.jsonl -JobId ' | Should -BeNullOrEmpty
        }
        finally {
            Pop-Location
        }
    }

    It 'still shows the prompt after a list of jobs that omits it' {
        $other = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0
        $job = New-BananaImage 'a rack'
        (Get-BananaJob).JobId | Should -Contain $job.JobId
        $other | Stop-BananaEmulator
        (Get-Offer "Get-BananaJob $($job.JobId)").ToolTip | Should -Be 'COMPLETED: a rack'
    }
}

Describe 'Tab for a model' {
    It 'shows the price after the service has returned it, and only for the service in use' {
        $offer = { (Get-Offer 'New-BananaImage x -Model nano-banana-pro').ToolTip }
        $emulator = Start-BananaEmulator -SetEnvironment -CreditCost 7
        & $offer | Should -Be 'nano-banana-pro'
        Get-BananaModel | Out-Null
        & $offer | Should -Be 'nano-banana-pro: 7 credits for an image'
        $emulator | Stop-BananaEmulator
        & $offer | Should -Be 'nano-banana-pro'

        $emulator = Start-BananaEmulator -SetEnvironment
        'a', 'b' | New-BananaImage -MaximumCredit 100 | Out-Null
        & $offer | Should -BeLike 'nano-banana-pro: * to * credits for an image'
        $emulator | Stop-BananaEmulator
    }
}

Describe 'A value that the module does not know' {
    BeforeAll {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    }

    AfterAll {
        $emulator | Stop-BananaEmulator
    }

    It 'is sent to the service, which accepts it: an aspect ratio' {
        (New-BananaImage x -AspectRatio 7:5).AspectRatio | Should -Be '7:5'
    }

    It 'is sent to the service, which rejects it, and nothing is billed: <Name>' -ForEach @(
        @{ Name = 'a model'; Value = @{ Model = 'nano-banana-9' }; Text = "*model*The request contains Model 'nano-banana-9'. Nothing was billed.*" }
        @{ Name = 'a resolution'; Value = @{ Resolution = '8k' }; Text = "*resolution*The request contains Resolution '8K'. Nothing was billed.*" }
        @{ Name = 'a webhook event'; Value = @{ WebhookUrl = 'http://127.0.0.1:9/'; WebhookEvent = 'archived' }; Text = "*webhookEvents*The request contains WebhookEvent 'archived'. Nothing was billed.*" }
    ) {
        $billed, $submissions = $emulator.Counts.ImagesBilled, $emulator.Counts.Submissions
        New-BananaImage x @Value -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        "$refused" | Should -BeLike $Text
        "$refused" | Should -BeLike '*The service rejected the request with HTTP status 4*'
        $emulator.Counts.Submissions | Should -BeGreaterThan $submissions
        $emulator.Counts.ImagesBilled | Should -Be $billed
    }

    It 'is not rejected by parameter validation if it is a job status' {
        Get-BananaJob -Status ARCHIVED -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        "$refused" | Should -Not -BeLike '*Cannot validate*'
    }
}
