BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force

    # Runs a script in a runspace of this process, stops it as Ctrl+C does once the condition holds, and returns the runspace's errors.
    function Stop-WhenTrue([string] $Script, [scriptblock] $Condition) {
        $shell = [powershell]::Create()
        try {
            $shell.AddScript("Import-Module '$StagedModule'; $Script") | Out-Null
            $running = $shell.BeginInvoke()
            Wait-Until { (& $Condition) -or $running.IsCompleted }
            $running.IsCompleted | Should -BeFalse -Because 'there must be something to stop'
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $shell.Streams.Error
        }
        finally {
            $shell.Dispose()
        }
    }
}

Describe 'Ctrl+C' {
    It 'ends Wait-BananaJob and sends nothing more' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600
        try {
            $errors = Stop-WhenTrue "'a', 'b' | New-BananaImage | Wait-BananaJob" { $emulator.Counts.StatusRequests -ge 2 }
            $errors | Should -BeNullOrEmpty
            $before = $emulator.Counts.Requests
            # The whole life of a job on another emulator passes; here nobody may have asked meanwhile.
            $other = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 2
            New-BananaImage 'c' | Wait-BananaJob | Out-Null
            $other | Stop-BananaEmulator
            $emulator.Counts.Requests | Should -Be $before
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }

    It 'ends Save-BananaImage and leaves no partial file' {
        # A listener that takes the connection and never answers: the download can only end by being stopped.
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $folder = "$TestDrive/stopped"
            Stop-WhenTrue "Save-BananaImage '$folder' -Uri 'http://127.0.0.1:$($listener.LocalEndpoint.Port)/a.png'" {
                (Test-Path $folder) -and (Get-ChildItem $folder -Filter *.partial)
            } | Should -BeNullOrEmpty
            Get-ChildItem $folder | Should -BeNullOrEmpty
        }
        finally {
            $listener.Stop()
        }
    }
}

Describe 'Select-Object -First 1' {
    It 'ends the pipeline without errors and submits no more than what was under way' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0
        try {
            1..100 | ForEach-Object { "prompt $_" } | New-BananaImage -ThrottleLimit 2 -ErrorVariable failed | Select-Object -First 1 | Should -HaveCount 1
            $failed | Should -BeNullOrEmpty
            $emulator.Counts.JobsAccepted | Should -BeLessOrEqual 4
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}

Describe 'Wait-BananaJob -Timeout' {
    It 'asks for nothing more once the time is over' {
        $slow = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600
        try {
            1..10 | ForEach-Object { "prompt $_" } | New-BananaImage | Wait-BananaJob -Timeout 2 -ErrorAction SilentlyContinue -ErrorVariable late
            $late.Count | Should -Be 10
            $before = $slow.Counts.Requests
            $other = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 2
            New-BananaImage 'c' | Wait-BananaJob | Out-Null
            $other | Stop-BananaEmulator
            $slow.Counts.Requests | Should -Be $before
        }
        finally {
            $slow | Stop-BananaEmulator
        }
    }
}

Describe 'Wait-BananaJob -Any' {
    It 'ends with the first completed job' {
        $slow = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600
        $running = New-BananaImage 'never'
        $quick = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        try {
            $done = New-BananaImage 'quick'
            ($running, $done | Wait-BananaJob -Any).JobId | Should -Be $done.JobId
        }
        finally {
            $slow, $quick | Stop-BananaEmulator
        }
    }
}
