BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'Start-BananaEmulator -Fault' {
    AfterEach {
        Stop-BananaEmulator
    }

    It 'accepts <Given>' -ForEach @(
        @{ Given = 'a name with a rate'; Value = { 'AnswerLost=0.05' }; Expected = @{ AnswerLost = 0.05 } }
        @{ Given = 'a name alone'; Value = { 'AnswerLost' }; Expected = @{ AnswerLost = 1 } }
        @{ Given = 'a name in another case, with blanks'; Value = { ' answerlost = .05 ' }; Expected = @{ AnswerLost = 0.05 } }
        @{ Given = 'several'; Value = { 'AnswerLost=0.05', 'DownloadCut=0.1', 'JobStuck' }; Expected = @{ AnswerLost = 0.05; DownloadCut = 0.1; JobStuck = 1 } }
        @{ Given = 'a hashtable'; Value = { @{ AnswerLost = 0.05; DownloadCut = 1; JobStuck = '0.5' } }; Expected = @{ AnswerLost = 0.05; DownloadCut = 1; JobStuck = 0.5 } }
        @{ Given = 'an ordered dictionary'; Value = { [ordered]@{ AnswerLost = 0.05; DownloadCut = 0.1 } }; Expected = @{ AnswerLost = 0.05; DownloadCut = 0.1 } }
        @{ Given = 'an empty hashtable'; Value = { @{} }; Expected = @{} }
    ) {
        $faults = (Start-BananaEmulator -Fault (& $Value)).Faults

        $faults.Count | Should -Be $Expected.Count
        foreach ($name in $Expected.Keys) { $faults[$name] | Should -Be $Expected[$name] }
    }

    It 'accepts names and rates without quotation marks' {
        $faults = (Start-BananaEmulator -Fault AnswerLost=0.05,DownloadCut=0.1 -FaultDurationSec 0.5).Faults
        $faults['AnswerLost'], $faults['DownloadCut'] | Should -Be 0.05, 0.1
    }

    It 'reads rates the same way in every culture' {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            (Start-BananaEmulator -Fault @{ AnswerLost = 0.05 }).Faults['AnswerLost'] | Should -Be 0.05
            (Start-BananaEmulator -Fault 'AnswerLost=0.05').Faults['AnswerLost'] | Should -Be 0.05
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }

    It 'throws an error that says what is wrong with <Value>, and starts no emulator' -ForEach @(
        @{ Value = 'AnswerLots=0.1'; Message = "'AnswerLots' is not a fault. The names of the faults are ConnectionRefused, *, JobUnavailable.*" }
        @{ Value = ''; Message = "'' is not a fault. The names of the faults are *" }
        @{ Value = 'AnswerLost=2'; Message = 'AnswerLost is 2. The rate must be from 0 to 1.*' }
        @{ Value = 'AnswerLost=-0.1'; Message = 'AnswerLost is -0.1. The rate must be from 0 to 1.*' }
        @{ Value = 'AnswerLost=often'; Message = "AnswerLost is 'often'. The rate must be a number from 0 to 1, for example AnswerLost=0.05.*" }
        @{ Value = 'AnswerLost='; Message = "AnswerLost is ''. The rate must be a number from 0 to 1*" }
        @{ Value = 'AnswerLost=0,05'; Message = "AnswerLost is '0,05'. The rate must be a number from 0 to 1*" }
        @{ Value = 'AnswerLost', 'answerlost=0.1'; Message = 'answerlost is specified twice. Each fault can be specified only once.*' }
        @{ Value = 'AnswerLost=0.6', 'SlowAnswer=0.6'; Message = 'The request faults add up to 1.2. Their total must be from 0 to 1*' }
    ) {
        $thrown = { Start-BananaEmulator -Fault $Value } | Should -Throw $Message -ErrorId 'BananaEmulatorNotStarted,*' -PassThru
        "$thrown" | Should -BeLike '* Correct the value and run the command again.'
        Get-BananaEmulator | Should -BeNullOrEmpty
    }

    It 'throws an error that says what is wrong with -FaultDurationSec' {
        { Start-BananaEmulator -FaultDurationSec -1 } | Should -Throw '*FaultDurationSec is -1*0 to 86400 seconds*' -ErrorId 'BananaEmulatorNotStarted,*'
    }

    It 'causes the specified fault, and counts it by name' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -Fault DownloadGone410
        try {
            New-BananaImage x | Wait-BananaJob | Save-BananaImage "$TestDrive/gone" -ErrorAction SilentlyContinue -ErrorVariable failed
        }
        finally {
            $emulator | Stop-BananaEmulator
        }

        $failed[0].FullyQualifiedErrorId | Should -BeLike 'BananaImageExpired,*'
        $emulator.Counts.FaultsByName['DownloadGone410'] | Should -Be $emulator.Counts.Downloads
        $emulator.Counts.FaultsByName.DownloadGone410 | Should -Be $emulator.Counts.Faults
    }
}

Describe 'Tab completion of -Fault' {
    BeforeAll {
        function Complete([string] $Line) {
            (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
        }
    }

    It 'completes <Line> to <Choices>' -ForEach @(
        @{ Line = 'Start-BananaEmulator -Fault ratelimit'; Choices = 'RateLimitSeconds', 'RateLimitDate', 'RateLimitBare' }
        @{ Line = 'Start-BananaEmulator -Fault AnswerLost=0.05,DownloadR'; Choices = 'DownloadRedirect', 'DownloadRedirectLoop' }
    ) {
        Complete $Line | Should -Be $Choices
    }

    It 'offers every fault' {
        Complete 'Start-BananaEmulator -Fault ' | Should -HaveCount 48
    }
}

Describe 'The help of -Fault' {
    It 'describes every fault and no other' {
        $text = (Get-Help Start-BananaEmulator -Parameter Fault).description.Text
        $told = $text -match '^- ' | ForEach-Object { ($_ -split ':')[0].Substring(2) -split ', ' }
        $told | Should -Be ([Apiframe.Emulator.EmulatorFaults]::Names)
    }
}
