BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force

    # The lines that Tab makes of a line, with the cursor at the bar.
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

    It 'offers every choice where nothing is typed yet: <Line>' -ForEach @(
        @{ Line = 'New-BananaImage x -Model |'; Count = 4 }
        @{ Line = 'New-BananaImage x -Resolution |'; Count = 4 }
        @{ Line = 'New-BananaImage x -OutputFormat |'; Count = 3 }
        @{ Line = 'New-BananaImage x -WebhookEvent |'; Count = 3 }
        @{ Line = 'Get-BananaJob -Status |'; Count = 5 }
        @{ Line = 'Get-BananaModel -Modality |'; Count = 4 }
        @{ Line = 'Get-BananaModel nano-banana-2|'; Count = 2 }
        @{ Line = 'Start-BananaEmulator -Fault |'; Count = 47 }
    ) {
        Get-CompletedLine $Line | Should -HaveCount $Count
    }

    It 'makes lines that PowerShell reads as they were meant: <_>' -ForEach 'Resolution', 'AspectRatio', 'OutputFormat', 'Model' {
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

    It 'asks nothing over the network' {
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

Describe 'A value that the module has never heard of' {
    BeforeAll {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    }

    AfterAll {
        $emulator | Stop-BananaEmulator
    }

    It 'goes to the service, which takes it: an aspect ratio' {
        (New-BananaImage x -AspectRatio 7:5).AspectRatio | Should -Be '7:5'
    }

    It 'goes to the service, which refuses it, and nothing is billed: <Name>' -ForEach @(
        @{ Name = 'a model'; Value = @{ Model = 'nano-banana-9' }; Text = "*model*Model is 'nano-banana-9'. Nothing was billed.*" }
        @{ Name = 'a resolution'; Value = @{ Resolution = '8k' }; Text = "*resolution*Resolution is '8K'. Nothing was billed.*" }
        @{ Name = 'a webhook event'; Value = @{ WebhookUrl = 'http://127.0.0.1:9/'; WebhookEvent = 'archived' }; Text = "*webhookEvents*WebhookEvent is 'archived'. Nothing was billed.*" }
    ) {
        $billed, $submissions = $emulator.Counts.ImagesBilled, $emulator.Counts.Submissions
        New-BananaImage x @Value -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        "$refused" | Should -BeLike $Text
        "$refused" | Should -BeLike '*The service answered 4*'
        $emulator.Counts.Submissions | Should -BeGreaterThan $submissions
        $emulator.Counts.ImagesBilled | Should -Be $billed
    }

    It 'is a status to ask for' {
        Get-BananaJob -Status ARCHIVED -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        "$refused" | Should -Not -BeLike '*Cannot validate*'
    }
}
