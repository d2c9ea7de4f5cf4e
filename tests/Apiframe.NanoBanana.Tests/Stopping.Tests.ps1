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
    It 'ends Wait-BananaJob, which then sends no more requests' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600
        try {
            $errors = Stop-WhenTrue "'a', 'b' | New-BananaImage | Wait-BananaJob" { $emulator.Counts.StatusRequests -ge 2 }
            $errors | Should -BeNullOrEmpty
            $before = $emulator.Counts.Requests
            # During the whole run of a job on another emulator, the first emulator must not receive a request.
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
        # The listener accepts the connection and never responds, so the download ends only when it is stopped.
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

Describe 'Select-Object -First <_>' -ForEach 1, 2, 5 {
    It 'ends the pipeline without errors, and less than twice as many images are billed' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0
        try {
            1..100 | ForEach-Object { "prompt $_" } | New-BananaImage -ErrorVariable failed -WarningAction SilentlyContinue | Select-Object -First $_ | Should -HaveCount $_
            $failed | Should -BeNullOrEmpty
            $emulator.Counts.ImagesBilled | Should -BeLessThan (2 * $_)
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}

Describe 'Submissions in progress when the pipeline ends' {
    BeforeAll {
        # Runs a script in a runspace of this process, stops it as Ctrl+C does once the condition holds, and returns its output, warnings, and errors.
        function Get-RestWhenStopped([string] $Script, [scriptblock] $Condition) {
            $shell = [powershell]::Create()
            try {
                $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
                $shell.AddScript("Import-Module '$StagedModule'; $Script") | Out-Null
                $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]] $null, $output)
                Wait-Until { (& $Condition) -or $running.IsCompleted }
                $running.IsCompleted | Should -BeFalse -Because 'there must be something to stop'
                $shell.Stop()
                [pscustomobject]@{
                    Output   = $output
                    Warnings = "$($shell.Streams.Warning)"
                    Errors   = @($shell.Runspace.SessionStateProxy.GetVariable('Error'))
                }
            }
            finally {
                $shell.Dispose()
            }
        }

        function Get-JobId([string] $Text) {
            [regex]::Matches($Text, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}').Value
        }
    }

    BeforeEach {
        # A submission is accepted at once, and its response arrives one second later.
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 600 -Fault @{ SlowAnswer = 1 } -FaultDurationSec 1
    }

    AfterEach {
        $emulator | Stop-BananaEmulator
    }

    It 'have two seconds for their response after Ctrl+C, and the accepted jobs are named in a warning and in $Error' {
        $rest = Get-RestWhenStopped "1..40 | ForEach-Object { `"prompt `$_`" } | New-BananaImage" { $emulator.Counts.JobsAccepted -ge 12 }

        $named = @(Get-JobId $rest.Warnings)
        $named.Count | Should -BeGreaterThan 0
        @($rest.Output.JobId) + $named | Sort-Object | Should -Be ((Get-BananaJob).JobId | Sort-Object)
        $rest.Warnings | Should -BeLike "*Get-BananaJob -After '20*"
        $rest.Errors | Should -HaveCount 1
        $rest.Errors[0].FullyQualifiedErrorId | Should -Be 'BananaPipelineStopped'
        $rest.Errors[0].TargetObject.JobId | Sort-Object | Should -Be ($named | Sort-Object)
        $rest.Errors[0].TargetObject[0].Prompt | Should -BeLike 'prompt *'
    }

    It 'are named in a warning after <Name>' -ForEach @(
        @{ Name = 'Select-Object -First 2'; Script = { $prompts | New-BananaImage | Select-Object -First 2 } }
        @{ Name = 'an error downstream'; Script = { $prompts | New-BananaImage | ForEach-Object { $_; if ($out.Count -eq 2) { throw 'no' } } } }
        @{ Name = 'an error under -ErrorAction Stop'; Script = { & { $prompts; Wait-Until $allAccepted; '' } | New-BananaImage -ErrorAction Stop } }
        @{ Name = 'an error upstream'; Script = { & { $prompts; Wait-Until $allAccepted; throw 'no' } | New-BananaImage } }
    ) {
        $prompts = 1..6 | ForEach-Object { "prompt $_" }
        $allAccepted = { $emulator.Counts.JobsAccepted -eq 6 }
        $Error.Clear()
        $out = [System.Collections.Generic.List[object]]::new()
        $warnings = & { try { . $Script | ForEach-Object { $out.Add($_) } } catch { } } 3>&1

        $named = @(Get-JobId "$warnings") | Select-Object -Unique
        $named.Count | Should -BeGreaterThan 0
        @($out.JobId) + $named | Where-Object { $_ } | Sort-Object | Should -Be ((Get-BananaJob).JobId | Sort-Object)
        $Error.FullyQualifiedErrorId | Should -Not -Contain 'BananaPipelineStopped'
    }

    It 'are recorded in the journal, and the next run submits only the rest' {
        $journal = "$TestDrive/ended.jsonl"
        $prompts = 1..6 | ForEach-Object { "prompt $_" }
        $taken = $prompts | New-BananaImage -Journal $journal -WarningAction SilentlyContinue | Select-Object -First 2

        $accepted = (Get-BananaJob).JobId | Sort-Object
        $accepted.Count | Should -BeGreaterThan 2
        (Get-BananaJournal $journal).JobId | Sort-Object | Should -Be $accepted
        $all = $prompts | New-BananaImage -Journal $journal
        $taken.JobId | Where-Object { $_ -notin $all.JobId } | Should -BeNullOrEmpty
        $emulator.Counts.ImagesBilled | Should -Be 6
    }

    It 'are reported with an unknown outcome if no response arrives' {
        # The listener accepts connections and never responds.
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $address = "http://127.0.0.1:$($listener.LocalEndpoint.Port)"
            $rest = Get-RestWhenStopped "New-BananaImage 'a kite' -Connection (New-BananaConnection -BaseUri $address -ApiKey afk_test)" { $listener.Pending() }
        }
        finally {
            $listener.Stop()
        }

        $rest.Warnings | Should -BeLike "*did not respond to 1 prompt, which it may have accepted: 'a kite'*"
        $rest.Errors.FullyQualifiedErrorId | Should -Be 'BananaSubmissionUnknown'
        $rest.Errors[0].TargetObject.Prompt | Should -Be 'a kite'
        $rest.Errors[0].TargetObject.IdempotencyKey | Should -Not -BeNullOrEmpty
    }

    It 'are not reported with -WarningAction SilentlyContinue and -ErrorAction Ignore' {
        $script = "1..40 | ForEach-Object { `"prompt `$_`" } | New-BananaImage -WarningAction SilentlyContinue -ErrorAction Ignore"
        $rest = Get-RestWhenStopped $script { $emulator.Counts.JobsAccepted -ge 12 }

        $rest.Warnings | Should -BeNullOrEmpty
        $rest.Errors | Should -BeNullOrEmpty
    }

    It 'cause no warning and no error if there are none' {
        $rest = Get-RestWhenStopped "New-BananaImage 'a kite' | Wait-BananaJob" { $emulator.Counts.StatusRequests -ge 1 }

        $rest.Warnings | Should -BeNullOrEmpty
        $rest.Errors | Should -BeNullOrEmpty
    }
}

Describe 'Background work that throws an exception' {
    It 'ends the pipeline with that exception, and is not waited for' {
        $type = (Get-Command New-BananaImage).ImplementingType.Assembly.GetType('Apiframe.NanoBanana.PipelinePump')
        $pump = [Activator]::CreateInstance($type, @([Action] { }))
        # A script block throws an exception on a thread of the thread pool, which has no runspace.
        $work = [Func[System.Threading.CancellationToken, System.Threading.Tasks.Task[Action]]] { param($token) $null }
        $ticks = 0

        { $pump.Start($work, 1); $pump.WriteUntil({ (++$script:ticks) -gt 100 }) } | Should -Throw '*no Runspace available*'
        $pump.Dispose()
    }
}

Describe 'Wait-BananaJob -Timeout' {
    It 'sends no more requests after the timeout' {
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
