BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    $long = 'a red kite over a lighthouse in heavy weather, seen from a small boat, oil on canvas, 1890'
    $job = New-BananaImage $long -Resolution 2K | Wait-BananaJob
    $file = $job | Save-BananaImage $TestDrive
    New-BananaImage x -OutputFormat gif -ErrorAction SilentlyContinue -ErrorVariable refused

    # One object of each type that a cmdlet returns or an error has as TargetObject.
    $objects = @{
        BananaJob        = $job
        SubmitRequest    = $refused[0].TargetObject
        BananaAccount    = Get-BananaAccount
        BananaModel      = Get-BananaModel nano-banana-2
        BananaUpload     = Send-BananaFile $file
        BananaConnection = New-BananaConnection
        BananaEmulator   = $emulator
        EmulatorCounts   = $emulator.Counts
    }

    # Returns the view as lines, without empty lines.
    function Read-View($InputObject, [int] $Width, [string] $Format = 'Table') {
        $InputObject | & "Format-$Format" | Out-String -Width $Width -Stream | Where-Object { $_ }
    }
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'The table of <Kind>, <Width> columns wide' -ForEach @(
    foreach ($kind in 'BananaJob', 'SubmitRequest', 'BananaAccount', 'BananaModel', 'BananaUpload', 'BananaConnection', 'BananaEmulator', 'EmulatorCounts') {
        foreach ($width in 80, 160) { @{ Kind = $kind; Width = $width } }
    }
) {
    It 'has at most six columns, and one line of at most that width for each object' {
        $lines = @(Read-View @($objects[$Kind], $objects[$Kind]) $Width)
        $lines | Should -HaveCount 4
        ($lines[0].Trim() -split '\s+').Count | Should -BeIn (2..6)
        $lines | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual $Width }
    }
}

Describe 'The list of <_>' -ForEach 'BananaJob', 'SubmitRequest', 'BananaAccount', 'BananaModel', 'BananaUpload', 'BananaConnection', 'BananaEmulator', 'EmulatorCounts' {
    It 'is defined by the module' {
        $type = $objects[$_].GetType().FullName
        $view = (Get-FormatData $type -PowerShellVersion $PSVersionTable.PSVersion).FormatViewDefinition | Where-Object { $_.Control -is [System.Management.Automation.ListControl] }
        $view | Should -Not -BeNullOrEmpty
        (Read-View $objects[$_] 80 List).Count | Should -BeGreaterThan 2
    }
}

Describe 'A job' {
    It 'is displayed with as much of its prompt as fits' {
        (Read-View $job 80)[-1] | Should -Match "^$($job.JobId) COMPLETED  100% +\d+ +\d+ s a red kite"
        (Read-View $job 160)[-1] | Should -BeLike "*$long"
    }

    It 'is displayed on one line even if its prompt contains line breaks' {
        $copy = New-BananaImage "two`r`nlines`tand $([char]27)[31mred"
        (Read-View $copy 160)[-1] | Should -BeLike '* two lines and `[31mred'
    }

    It 'is displayed with times and their age, and with its duration in seconds' {
        $list = Read-View $job 160 List
        $list -match '^CreatedAt' | Should -Match 'CreatedAt +: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(\d+ s ago\)'
        $list -match '^Duration' | Should -Match 'Duration +: \d+ s$'
    }

    It 'is displayed with times and their age after Export-Clixml and Import-Clixml too' {
        $job | Export-Clixml "$TestDrive/job.xml"
        $copy = Import-Clixml "$TestDrive/job.xml"
        $list = Read-View $copy 160 List
        $list -match '^CreatedAt' | Should -Match 'CreatedAt +: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(\d+ s ago\)'
        $list -match '^CompletedAt' | Should -Match ' ago\)$'
        $list -match '^Duration' | Should -Match 'Duration +: \d+ s$'
        (Read-View $copy 80)[-1] | Should -Match ' \d+ s a red kite'
    }

    It 'is displayed by its prompt in Format-Wide, or by its ID if it has no prompt' {
        (Read-View $job 160 Wide).Trim() | Should -BeLike 'a red kite over a lighthouse*'
        (Read-View (Get-BananaJob -First 1) 160 Wide).Trim() | Should -Match '^[0-9a-f-]{36}$'
    }

    It 'has no empty properties in its list view' {
        Read-View (New-BananaImage x) 160 List | Should -Not -Match ': *$'
    }

    It 'is displayed in color only if the session renders ANSI sequences: <Name>' -Tag 'PowerShell 7: $PSStyle' -ForEach @(
        @{ Name = 'asked for'; Set = "`$PSStyle.OutputRendering = 'Ansi'"; Coloured = $true }
        @{ Name = 'as the host likes, in a string'; Set = "`$PSStyle.OutputRendering = 'Host'"; Coloured = $false }
        @{ Name = 'plain'; Set = "`$PSStyle.OutputRendering = 'PlainText'"; Coloured = $false }
        @{ Name = 'an engine without PSStyle'; Set = 'Remove-Variable PSStyle -Force'; Coloured = $false }
    ) {
        $rendering = $PSStyle.OutputRendering
        $text = & { [System.Management.Automation.PowerShell]::Create().AddScript("Import-Module '$StagedModule'; $Set; `$args[0] | Format-Table | Out-String").AddArgument($job).Invoke() }
        $PSStyle.OutputRendering = $rendering
        "$text" | Should -BeLike '*COMPLETED*'
        "$text".Contains([char]27) | Should -Be $Coloured
    }

    It 'is displayed the same way regardless of the session: <Name>' -ForEach @(
        @{ Name = 'strict mode'; Set = 'Set-StrictMode -Version Latest' }
        @{ Name = 'a variable of the same name'; Set = "`$global:colour = 'Blue'; Remove-Variable PSStyle -Force" }
    ) {
        $shown = { [System.Management.Automation.PowerShell]::Create().AddScript("Import-Module '$StagedModule'; $($args[0]); `$args[0] | Format-Table | Out-String").AddArgument($job).Invoke() }
        # The age can differ between the two calls, so it is removed.
        "$(& $shown $Set)" -replace ' *\d+ s' | Should -Be ("$(& $shown '')" -replace ' *\d+ s')
    }

    It 'is displayed without color if NO_COLOR is set' {
        $env:NO_COLOR = '1'
        try {
            $lines = Invoke-PowerShell -Command "Import-Module '$StagedModule'; Get-BananaJob $($job.JobId)"
        }
        finally {
            $env:NO_COLOR = $null
        }

        "$lines" | Should -BeLike '*COMPLETED*'
        "$lines".Contains([char]27) | Should -BeFalse
    }
}

Describe 'ViewText' {
    It 'formats <Seconds> seconds as <Text>' -ForEach @(
        @{ Seconds = 0.4; Text = '0 s' }, @{ Seconds = 12; Text = '12 s' }, @{ Seconds = 99; Text = '99 s' }, @{ Seconds = 100; Text = '2 min' }
        @{ Seconds = 3540; Text = '59 min' }, @{ Seconds = 7200; Text = '2 h' }, @{ Seconds = 86400; Text = '24 h' }, @{ Seconds = 259200; Text = '3 d' }
    ) {
        $start = [DateTimeOffset]::new(2026, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
        [Apiframe.NanoBanana.ViewText]::Duration($start, $start.AddSeconds($Seconds)) | Should -Be $Text
    }

    It 'formats <Bytes> bytes as <Text>' -ForEach @(
        @{ Bytes = 0; Text = '0 B' }, @{ Bytes = 1023; Text = '1023 B' }, @{ Bytes = 1024; Text = '1 KB' }, @{ Bytes = 52725; Text = '51 KB' }, @{ Bytes = 26214400; Text = '25.0 MB' }
    ) {
        [Apiframe.NanoBanana.ViewText]::Size($Bytes) | Should -Be $Text
    }

    It 'returns an empty string for an unknown value' {
        [Apiframe.NanoBanana.ViewText]::Age($null) | Should -Be ''
        [Apiframe.NanoBanana.ViewText]::Moment('soon') | Should -Be ''
        [Apiframe.NanoBanana.ViewText]::Size($null) | Should -Be ''
        [Apiframe.NanoBanana.ViewText]::Line($null) | Should -Be ''
    }
}
