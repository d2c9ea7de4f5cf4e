BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force

    # A test vector that Apiframe publishes for webhook signatures.
    $key = 'afk_example_0123456789abcdef'
    $body = '{"event":"completed","jobId":"7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90","status":"COMPLETED"}'
    $asBytes = if ($PSVersionTable.PSEdition -eq 'Core') { @{ AsByteStream = $true } } else { @{ Encoding = 'Byte' } }
    # Windows PowerShell does not load this assembly by default.
    Add-Type -AssemblyName System.Net.Http
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($body)
    $signature = 'sha256=c9d0f1f87092d557416a97ed8684bd76bfc9c530d8d19483d919141975f796a4'
    $hexSignature = 'sha256=78f7d215ef488c24b73f7726b48c1a06cf7a94fdfb3fc672733c90c027d82383'

    $url, $environmentKey = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY
}

AfterAll {
    $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $environmentKey
}

Describe 'Test-BananaWebhook' {
    BeforeEach {
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
    }

    It 'accepts the published test vector with both forms of the signature, and with several keys as text or SecureString' {
        $secret = ConvertTo-SecureString $key -AsPlainText -Force
        Test-BananaWebhook $body -Signature $signature | Should -BeTrue
        Test-BananaWebhook $body -Signature $hexSignature -ApiKey $secret | Should -BeTrue
        Test-BananaWebhook $body -Signature $signature -ApiKey 'afk_other', $key | Should -BeTrue
        Test-BananaWebhook $body -Signature $hexSignature -ApiKey 'afk_other', $secret, '' | Should -BeTrue
        Test-BananaWebhook $body -Signature $signature -ApiKey '' | Should -BeTrue -Because 'a blank key is the one of the environment'
        Test-BananaWebhook $body -Signature $signature -ApiKey @() | Should -BeTrue
    }

    It 'returns False for <Name> without an error, and says why with -Verbose' -ForEach @(
        @{ Name = 'a body that was changed'; Arguments = { @{ Body = "$body "; Signature = $signature } }; Why = '*was not created from this body with the API key*' }
        @{ Name = 'another key'; Arguments = { @{ Body = $body; Signature = $signature; ApiKey = 'afk_other', 'afk_third' } }; Why = '*any of the 2 API keys*' }
        @{ Name = 'no signature'; Arguments = { @{ Body = $body } }; Why = '*is not signed*X-Webhook-Signature*' }
        @{ Name = 'headers without one'; Arguments = { @{ Body = $body; Headers = @{ 'X-Webhook-Event' = 'completed' } } }; Why = '*is not signed*' }
        @{ Name = 'a garbled signature'; Arguments = { @{ Body = $body; Signature = 'sha256=zz' } }; Why = '*64 hexadecimal digits*' }
    ) {
        $given = & $Arguments
        $lines = Test-BananaWebhook @given -Verbose -ErrorAction Stop 4>&1
        $lines[0] | Should -BeLike $Why
        $lines[-1] | Should -BeOfType bool
        $lines[-1] | Should -BeFalse
    }

    It 'accepts the body as <Name>' -ForEach @(
        @{ Name = 'piped text'; Test = { $body | Test-BananaWebhook -Signature $signature } }
        @{ Name = 'bytes at position 0'; Test = { Test-BananaWebhook $bytes -Signature $signature } }
        @{ Name = 'bytes piped in one piece'; Test = { , $bytes | Test-BananaWebhook -Signature $signature } }
        @{ Name = 'bytes that the pipeline took apart'; Test = { $bytes | Test-BananaWebhook -Signature $signature } }
        @{ Name = 'bytes of a file'; Test = { Set-Content "$TestDrive/body" $body -NoNewline; Get-Content "$TestDrive/body" @asBytes | Test-BananaWebhook -Signature $signature } }
        @{ Name = 'a list of bytes'; Test = { Test-BananaWebhook ([System.Collections.Generic.List[byte]]$bytes) -Signature $signature } }
        @{ Name = '-RawBody'; Test = { Test-BananaWebhook -RawBody $body -Signature $signature } }
        @{ Name = 'bytes in a property Body'; Test = { [pscustomobject]@{ Body = $bytes; Signature = $signature } | Test-BananaWebhook } }
        @{ Name = 'text in a property RawBody, the parsed one beside it'
           Test = { [pscustomobject]@{ Body = ($body | ConvertFrom-Json); RawBody = $body; Signature = $signature } | Test-BananaWebhook } }
        @{ Name = 'a row with a key of its own'; Test = { $env:APIFRAME_API_KEY = $null; [pscustomobject]@{ Body = $body; Signature = $signature; ApiKey = $key } | Test-BananaWebhook } }
        @{ Name = 'a request at position 0'; Test = { Test-BananaWebhook ([pscustomobject]@{ RawBody = $bytes; Headers = @{ 'x-webhook-signature' = $signature } }) } }
    ) {
        $answer = @(& $Test)
        $answer | Should -HaveCount 1
        $answer[0] | Should -BeTrue
    }

    It 'finds the signature in headers as <Name>' -ForEach @(
        @{ Name = 'a hashtable'; Make = { @{ 'X-WEBHOOK-SIGNATURE' = $signature } } }
        @{ Name = 'a dictionary that knows the case'
           Make = { $all = [System.Collections.Generic.Dictionary[string, string]]::new(); $all['x-webhook-signature'] = $signature; $all } }
        @{ Name = 'several values for a name'; Make = { @{ 'X-Webhook-Signature' = @($signature, 'other') } } }
        @{ Name = 'the collection of an HttpListener'
           Make = { $all = [System.Net.WebHeaderCollection]::new(); $all.Add('x-webhook-signature', $signature); , $all } }
        @{ Name = 'the headers of an HttpRequestMessage'
           Make = { $all = [System.Net.Http.HttpRequestMessage]::new().Headers; $all.Add('x-webhook-signature', $signature); , $all } }
        @{ Name = 'an object that was JSON'; Make = { @{ 'x-webhook-signature' = $signature } | ConvertTo-Json | ConvertFrom-Json } }
    ) {
        $headers = & $Make
        Test-BananaWebhook $body -Headers $headers | Should -BeTrue
        [pscustomobject]@{ Body = $body; Headers = $headers } | Test-BananaWebhook | Should -BeTrue
        Test-BananaWebhook "$body " -Headers $headers | Should -BeFalse
    }

    It 'returns a result for each of several bodies' {
        $body, "$body ", $body | Test-BananaWebhook -Signature $signature | Should -Be $true, $false, $true
        $bytes, $bytes | Test-BananaWebhook -Signature $signature | Should -Be $true, $true
    }
}

Describe 'A body that cannot be used' {
    BeforeEach {
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
    }

    It 'causes one error that says what to specify, and the next body is processed: <Name>' -ForEach @(
        @{ Name = 'a parsed hashtable'; Make = { @{ event = 'completed'; jobId = '7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90' } }; Text = '*$Request.RawBody instead of $Request.Body*' }
        @{ Name = 'a parsed object'; Make = { $body | ConvertFrom-Json }; Text = '*was already parsed*raw body*' }
        @{ Name = 'a request with a parsed body only'; Make = { [pscustomobject]@{ Body = $body | ConvertFrom-Json } }; Text = '*was already parsed*' }
        @{ Name = 'a number'; Make = { 7 }; Text = '*was already parsed*' }
        @{ Name = 'lines'; Make = { , @('{', '}') }; Text = '*2 strings*Get-Content -Raw*' }
        @{ Name = 'empty text'; Make = { '' }; Text = '*body is empty*' }
        @{ Name = 'no bytes'; Make = { , [byte[]]@() }; Text = '*body is empty*' }
        @{ Name = 'nothing'; Make = { , $null }; Text = '*body is empty*' }
    ) {
        foreach ($command in 'Test-BananaWebhook', 'ConvertFrom-BananaWebhook') {
            $given = @(& $Make) + $body
            $given.Count | Should -Be 2
            $given | & $command -Signature $signature -ErrorAction SilentlyContinue -ErrorVariable refused | Should -HaveCount 1
            $refused.FullyQualifiedErrorId | Should -BeLike 'BananaRequestInvalid,*'
            "$refused" | Should -BeLike $Text

            & $command -Body $given[0] -Signature $signature -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
            $refused.FullyQualifiedErrorId | Should -BeLike 'BananaRequestInvalid,*'
        }
    }

    It 'causes a different error if the API key is missing' {
        $env:APIFRAME_API_KEY = $null
        $body | Test-BananaWebhook -Signature $signature -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaApiKeyMissing,*'
        "$refused" | Should -BeLike '*$env:APIFRAME_API_KEY*'
    }
}

Describe 'ConvertFrom-BananaWebhook' {
    BeforeEach {
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
    }

    BeforeAll {
        # Returns a signed request as a web framework passes it, with the given event in its header.
        function New-Request([hashtable] $Fields, [string] $Name) {
            $text = $Fields | ConvertTo-Json -Compress -Depth 5
            [pscustomobject]@{ RawBody = $text; Headers = @{ 'x-webhook-signature' = Get-WebhookSignature $text $env:APIFRAME_API_KEY; 'x-webhook-event' = $Name } }
        }
    }

    It 'rejects <Name>' -ForEach @(
        @{ Name = 'a changed body'; Arguments = { @{ Body = "$body "; Signature = $signature } } }
        @{ Name = 'no signature'; Arguments = { @{ Body = $body } } }
        @{ Name = 'another key'; Arguments = { @{ Body = $body; Signature = $signature; ApiKey = 'afk_other' } } }
        @{ Name = 'a body that is none, before it is read'; Arguments = { @{ Body = '<html>'; Signature = $signature } } }
    ) {
        $given = & $Arguments
        ConvertFrom-BananaWebhook @given -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused.FullyQualifiedErrorId | Should -Be 'BananaWebhookSignatureInvalid,Apiframe.NanoBanana.Commands.ConvertFromBananaWebhookCommand'
        $refused[0].CategoryInfo.Category | Should -Be 'SecurityError'
        $refused[0].TargetObject | Should -Be $given.Body
        "$refused" | Should -BeLike '*401*'
        { ConvertFrom-BananaWebhook @given -ErrorAction Stop } | Should -Throw -ErrorId 'BananaWebhookSignatureInvalid,*'
    }

    It 'returns a job with the event in a property and in the list view' {
        $job = ConvertFrom-BananaWebhook $body -Signature $hexSignature
        $job | Should -BeOfType Apiframe.Client.BananaJob
        $job.Event | Should -Be 'completed'
        "$job" | Should -Be '7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90 COMPLETED'
        $job | Format-List | Out-String | Should -Match '(?m)^Event\s+: completed'
        ($job | ConvertTo-Json | ConvertFrom-Json).Event | Should -Be 'completed'
    }

    It 'takes the event from the header or the status if the body does not contain it' {
        (New-Request @{ id = 'a'; status = 'PROCESSING' } -Name 'progress' | ConvertFrom-BananaWebhook).Event | Should -Be 'progress'
        (New-Request @{ id = 'a'; status = 'FAILED' } | ConvertFrom-BananaWebhook).Event | Should -Be 'failed'
    }

    It 'writes an error for a signed body that is not an event, and processes the next body' {
        $requests = (New-Request @{ event = 'completed' }), (New-Request @{ jobId = 'a' }), (New-Request @{ jobId = 'b'; event = 'progress' })
        ($requests | ConvertFrom-BananaWebhook -ErrorAction SilentlyContinue -ErrorVariable refused).JobId | Should -Be 'b'
        $refused.FullyQualifiedErrorId | ForEach-Object { $_.Split(',')[0] } | Should -Be 'BananaRequestInvalid', 'BananaRequestInvalid'
        "$($refused[0])" | Should -BeLike '*does not contain a job ID*'
        "$($refused[1])" | Should -BeLike '*neither an event nor a status*'
    }

    It 'accepts an unsigned body with -SkipSignatureCheck, and needs no key for it' {
        $env:APIFRAME_API_KEY = $null
        ($body | ConvertFrom-BananaWebhook -SkipSignatureCheck).Event | Should -Be 'completed'
        'x' | ConvertFrom-BananaWebhook -SkipSignatureCheck -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaRequestInvalid,*'
    }

    It 'accepts an unencrypted base URI only with -AllowUnencryptedAuthentication' {
        $env:APIFRAME_BASE_URL = 'http://gateway.example.net'
        ConvertFrom-BananaWebhook $body -Signature $signature -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaBaseUriInvalid,*'
        ConvertFrom-BananaWebhook $body -Signature $signature -AllowUnencryptedAuthentication | Should -HaveCount 1
        Test-BananaWebhook $body -Signature $signature | Should -BeTrue
    }

    It 'does not write an API key to any output' {
        $other = 'afk_' + 'other_0123456789'
        $Error.Clear()
        $everything = & {
            $ErrorActionPreference = 'Continue'
            $row = [pscustomobject]@{ Body = $body; Signature = $signature; ApiKey = $key }
            $job = $row | ConvertFrom-BananaWebhook -Verbose -Debug
            $job | Format-List * | Out-String
            $job | ConvertTo-Json
            $row.Signature = $hexSignature.Replace('78f7', '78f8')
            $row | ConvertFrom-BananaWebhook -Verbose
            $row | Test-BananaWebhook -Verbose -ApiKey $key, $other
            $row.Body = $null
            $row | ConvertFrom-BananaWebhook
            "text with $other" | ConvertFrom-BananaWebhook
            $Error | ForEach-Object { $_ | Format-List * -Force | Out-String; $_.Exception.ToString() }
        } *>&1 | Out-String -Width 500

        $everything | Should -BeLike '*7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90*'
        $everything | Should -BeLike '*any of the 2 API keys*'
        $everything | Should -BeLike '*text with afk_`*`*`**'
        $everything | Should -Not -BeLike "*$key*"
        $everything | Should -Not -BeLike "*$other*"
    }
}

Describe 'A job from a webhook' {
    BeforeAll {
        $emulator = Start-BananaEmulator -GenerationTimeSec 0.1 -SetEnvironment
        $made = New-BananaImage 'a kite' | Wait-BananaJob
        $text = [ordered]@{ event = 'completed'; jobId = $made.JobId; status = 'COMPLETED'; result = @{ images = @("$($made.ImageUrl)") } } | ConvertTo-Json -Compress -Depth 3
        $emulatorKey = $env:APIFRAME_API_KEY
        $textSignature = Get-WebhookSignature $text $emulatorKey

        function Get-ApiRequestCount {
            $emulator.Counts.Requests - $emulator.Counts.Downloads
        }
    }

    BeforeEach {
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $emulator.BaseUri, $emulatorKey
        $before = Get-ApiRequestCount
    }

    AfterAll {
        $emulator | Stop-BananaEmulator
    }

    It 'is saved without a request to the API, even if the environment has no key' {
        $env:APIFRAME_API_KEY = $null
        $file = $text | ConvertFrom-BananaWebhook -Signature $textSignature -ApiKey 'afk_other', $emulatorKey | Save-BananaImage "$TestDrive/direct"
        $file.Name | Should -Be "$($made.JobId).jpg"
        ($file | Get-ImageFormat).Format | Should -Be 'jpg'
        Get-ApiRequestCount | Should -Be $before
    }

    It 'is requested in full with the key that it was signed with' {
        $env:APIFRAME_API_KEY = 'afk_other'
        $whole = $text | ConvertFrom-BananaWebhook -Signature $textSignature -ApiKey 'afk_third', $emulatorKey | Get-BananaJob
        $whole.Prompt | Should -Be 'a kite'
    }

    It 'is saved even if the event does not contain the URL of the image' {
        $short = @{ event = 'completed'; jobId = $made.JobId; status = 'COMPLETED' } | ConvertTo-Json
        $short | ConvertFrom-BananaWebhook -Signature (Get-WebhookSignature $short $emulatorKey) | Save-BananaImage "$TestDrive/short" | Should -HaveCount 1
    }

    It 'causes a different error if it failed for another reason than a declined prompt' {
        $failed = @{ event = 'failed'; jobId = $made.JobId; status = 'FAILED'; error = @{ message = 'No available capacity' } } | ConvertTo-Json
        $job = $failed | ConvertFrom-BananaWebhook -Signature (Get-WebhookSignature $failed $emulatorKey)
        $job | Save-BananaImage $TestDrive -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaJobFailed,*'
        $job.Error, $job.FailureReason | Should -Be 'No available capacity', 'Unavailable'
        ($job | ConvertTo-Csv | ConvertFrom-Csv).FailureReason | Should -Be 'Unavailable'
        $job | Export-Clixml "$TestDrive/failed.xml"
        (Import-Clixml "$TestDrive/failed.xml").FailureReason | Should -Be 'Unavailable'
        Import-Clixml "$TestDrive/failed.xml" | Format-List | Out-String | Should -Match 'FailureReason +: Unavailable'
    }

    It 'causes an error with the reason if it failed and is saved, without a request to the API' {
        $failed = @{ event = 'failed'; jobId = $made.JobId; status = 'FAILED'; error = 'The provider declined the prompt' } | ConvertTo-Json
        $failed | ConvertFrom-BananaWebhook -Signature (Get-WebhookSignature $failed $emulatorKey) |
            Save-BananaImage $TestDrive -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Should -BeLike 'BananaPromptDeclined,*'
        "$refused" | Should -BeLike '*declined the prompt*'
        $refused[0].TargetObject.Event | Should -Be 'failed'
        Get-ApiRequestCount | Should -Be $before
    }

    It 'can be resubmitted, because its Event property is not a parameter of New-BananaImage' {
        $job = $text | ConvertFrom-BananaWebhook -Signature $textSignature | Select-Object JobId, Event, @{ Name = 'Prompt'; Expression = { 'a kite' } }
        ($job | New-BananaImage -ErrorAction Stop).JobId | Should -Not -Be $made.JobId
    }

    It 'can be edited, with a webhook for the new job' {
        $text | ConvertFrom-BananaWebhook -Signature $textSignature | New-BananaImage 'at night' -WebhookUrl 'http://127.0.0.1:9/' -WebhookEvent failed -ErrorAction Stop |
            Should -HaveCount 1
    }
}

Describe 'A webhook that the emulator sends' {
    BeforeAll {
        function Receive-Webhook([scriptblock] $Submit) {
            $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
            $probe.Start()
            $url = "http://127.0.0.1:$($probe.LocalEndpoint.Port)/"
            $probe.Stop()
            $listener = [System.Net.HttpListener]::new()
            $listener.Prefixes.Add($url)
            $listener.Start()
            try {
                $job = & $Submit $url
                $context = $listener.GetContext()
                $body = [System.IO.MemoryStream]::new()
                $context.Request.InputStream.CopyTo($body)
                $context.Response.StatusCode = 204
                $context.Response.Close()
                [pscustomobject]@{ Job = $job; Bytes = $body.ToArray(); Headers = $context.Request.Headers }
            }
            finally {
                $listener.Stop()
            }
        }
    }

    It 'arrives from a service that ignores unknown fields and accepts <Form> requests <With>' -ForEach @(
        @{ Form = 'OpenApi'; With = 'without a reference'; Given = @{} }
        @{ Form = 'OpenApi'; With = 'with a reference'; Given = @{ ReferenceImage = 'https://a.example/1.png' } }
        @{ Form = 'ModelPage'; With = 'with a reference'; Given = @{ ReferenceImage = 'https://a.example/1.png' } }
    ) {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.2 -IgnoreUnknownField -RequestForm $Form
        try {
            $webhook = Receive-Webhook { param($Url) New-BananaImage 'a kite' -WebhookUrl $Url @Given }
            (ConvertFrom-BananaWebhook $webhook.Bytes -Headers $webhook.Headers).JobId | Should -Be $webhook.Job.JobId
            $webhook.Job | Wait-BananaJob -WarningVariable warnings | Should -HaveCount 1
            $warnings | Should -BeNullOrEmpty
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }

    It 'causes one warning if the service does not register it, and the images are saved anyway (<Count> jobs)' -ForEach @{ Count = 1 }, @{ Count = 8 } {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.2 -IgnoreUnknownField -RequestForm ModelPage
        try {
            $jobs = 1..$Count | ForEach-Object { "kite $_" } | New-BananaImage -WebhookUrl 'http://127.0.0.1:9/' -WarningVariable early
            $early | Should -BeNullOrEmpty
            $jobs | Wait-BananaJob -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount $Count
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike 'The service registered no webhook for job ????????-*images are not lost*'
            $jobs.JobId | Should -Contain ("$warnings" -split '[ ,]')[7]
            $jobs[0] | Save-BananaImage "$TestDrive/dropped-$Count" -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 1
            "$warnings" | Should -BeLike "The service registered no webhook for job $($jobs[0].JobId)*"
            'no hook' | New-BananaImage | Wait-BananaJob -WarningVariable warnings | Should -HaveCount 1
            $warnings | Should -BeNullOrEmpty
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }

    It 'is verified, converted, and saved, and is rejected if one byte is changed (<_>)' -ForEach 'RawBytes', 'HexText' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.2 -WebhookSignature $_
        try {
            $webhook = Receive-Webhook { param($Url) New-BananaImage 'a kite' -WebhookUrl $Url }

            Test-BananaWebhook $webhook.Bytes -Headers $webhook.Headers | Should -BeTrue
            $job = ConvertFrom-BananaWebhook $webhook.Bytes -Headers $webhook.Headers
            $job.JobId | Should -Be $webhook.Job.JobId
            $job.Status | Should -Be 'COMPLETED'
            $job | Save-BananaImage "$TestDrive/hook-$_" | Should -HaveCount 1

            $changed = [byte[]]$webhook.Bytes.Clone()
            $changed[10] = $changed[10] -bxor 1
            Test-BananaWebhook $changed -Headers $webhook.Headers | Should -BeFalse
            ConvertFrom-BananaWebhook $changed -Headers $webhook.Headers -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
            $refused.FullyQualifiedErrorId | Should -BeLike 'BananaWebhookSignatureInvalid,*'
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }

    It 'arrives for the events in -WebhookEvent' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.2 -FailureRate 1
        try {
            $webhook = Receive-Webhook { param($Url) New-BananaImage 'a kite' -WebhookUrl $Url -WebhookEvent failed }
            (ConvertFrom-BananaWebhook $webhook.Bytes -Headers $webhook.Headers).Event | Should -Be 'failed'
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}

Describe 'A request in either published form' {
    It 'is accepted by a service that accepts <Form>, with at most one rejection for each kind of request' -ForEach @(
        @{ Form = 'Both'; Takes = 4; Refusals = 0 }
        @{ Form = 'OpenApi'; Takes = 4; Refusals = 1 }
        # The form on the model page has only one reference and no webhook events, so it cannot express the other requests.
        @{ Form = 'ModelPage'; Takes = 3; Refusals = 2 }
    ) {
        $emulator = Start-BananaEmulator -RequestForm $Form -HideErrorDetails -SetEnvironment
        try {
            $connection = New-BananaConnection
            $url = 'https://files.example.net/1.png'
            $jobs = @(
                New-BananaImage 'one' -ReferenceImage $url -Connection $connection
                New-BananaImage 'hook' -WebhookUrl 'https://hooks.example.net' -Connection $connection
                New-BananaImage 'events' -WebhookUrl 'https://hooks.example.net' -WebhookEvent failed -Connection $connection
                New-BananaImage 'three' -ReferenceImage $url, $url, $url -Connection $connection -ErrorAction SilentlyContinue
            )
            $jobs | Should -HaveCount $Takes
            $emulator.Counts.Refusals | Should -Be $Refusals
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}
