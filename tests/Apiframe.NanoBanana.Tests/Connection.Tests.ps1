BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force

    function Get-Key($Emulator) { [System.Net.NetworkCredential]::new('', $Emulator.ApiKey).Password }
}

Describe 'New-BananaConnection' {
    BeforeEach {
        $url, $key = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY
        $emulator = Start-BananaEmulator -GenerationTimeSec 0.1
    }

    AfterEach {
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
        Get-BananaEmulator | Stop-BananaEmulator
    }

    It 'supplies the key and the base URI to the whole pipeline, regardless of the environment variables' {
        $env:APIFRAME_API_KEY = $null
        $connection = New-BananaConnection $emulator.ApiKey -BaseUri $emulator.BaseUri

        New-BananaImage 'a kite' -Connection $connection | Wait-BananaJob | Save-BananaImage "$TestDrive/whole" | Should -HaveCount 1
        Get-BananaJob -Connection $connection | Should -HaveCount 1
    }

    It 'reads the key and the base URI from the environment variables only once, when it is run' {
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = "$($emulator.BaseUri)", (Get-Key $emulator)
        $connection = New-BananaConnection
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = 'http://127.0.0.1:9', $null

        New-BananaImage 'a kite' -Connection $connection | Should -HaveCount 1
    }

    It 'keeps two accounts separate in one pipeline' {
        $other = Start-BananaEmulator -GenerationTimeSec 0.1
        $connections = $emulator, $other | ForEach-Object { New-BananaConnection $_.ApiKey -BaseUri $_.BaseUri }

        $rows = 1..10 | ForEach-Object { [pscustomobject]@{ Prompt = "prompt $_"; Connection = $connections[$_ % 2] } }
        $rows | New-BananaImage | Wait-BananaJob | Save-BananaImage "$TestDrive/pipeline" | Should -HaveCount 10
        $emulator.Counts.ImagesBilled | Should -Be 5
        $other.Counts.ImagesBilled | Should -Be 5
        $emulator.Counts.Refusals + $other.Counts.Refusals | Should -Be 0
    }

    It 'keeps two accounts separate in parallel runspaces' -Tag 'PowerShell 7: ForEach-Object -Parallel' {
        $other = Start-BananaEmulator -GenerationTimeSec 0.1
        $connections = $emulator, $other | ForEach-Object { New-BananaConnection $_.ApiKey -BaseUri $_.BaseUri }

        1..10 | ForEach-Object -ThrottleLimit 10 -Parallel {
            Import-Module $using:StagedModule
            New-BananaImage "parallel $_" -Connection ($using:connections)[$_ % 2] | Wait-BananaJob | Save-BananaImage "$using:TestDrive/parallel"
        } | Should -HaveCount 10
        $emulator.Counts.ImagesBilled | Should -Be 5
        $other.Counts.ImagesBilled | Should -Be 5
        $emulator.Counts.Refusals + $other.Counts.Refusals | Should -Be 0
    }

    It 'returns an object that never shows the API key or the proxy password' {
        $connection = New-BananaConnection $emulator.ApiKey -BaseUri $emulator.BaseUri -ProxyCredential ([pscredential]::new('ops', (ConvertTo-SecureString 's3cret' -AsPlainText -Force))) -Proxy http://127.0.0.1:9
        $connection | Export-Clixml "$TestDrive/connection.xml"
        $shown = $connection | Format-List * -Force | Out-String
        $shown += "$connection" + ($connection | ConvertTo-Json) + (Get-Content "$TestDrive/connection.xml" -Raw)
        $shown | Should -Not -BeLike "*$(Get-Key $emulator)*"
        $shown | Should -Not -BeLike '*s3cret*'
        $shown | Should -BeLike '*127.0.0.1*'
    }

    It 'sends requests and downloads through a proxy with a user name and password' -Tag 'PowerShell 7: Add-Type with a later C#' {
        Add-Type -Path (Join-Path $RepositoryRoot 'tests/Apiframe.Client.Tests/Fakes/ForwardingProxy.cs') -WarningAction SilentlyContinue
        $proxy = [Apiframe.Client.Tests.Fakes.ForwardingProxy]::new('ops', 's3cret')
        try {
            $credential = [pscredential]::new('ops', (ConvertTo-SecureString 's3cret' -AsPlainText -Force))
            $connection = New-BananaConnection $emulator.ApiKey -BaseUri $emulator.BaseUri -Proxy $proxy.Address -ProxyCredential $credential

            New-BananaImage 'a kite' -Connection $connection | Wait-BananaJob | Save-BananaImage "$TestDrive/proxy" | Should -HaveCount 1

            $proxy.Forwarded.Count | Should -Be $emulator.Counts.Requests
            $proxy.Forwarded[0] | Should -Be 'POST /v2/images/generate'
            $proxy.Forwarded[-1] | Should -BeLike 'GET /files/*'

            $stranger = New-BananaConnection $emulator.ApiKey -BaseUri $emulator.BaseUri -Proxy $proxy.Address -MaximumRetryCount 0
            New-BananaImage 'a kite' -Connection $stranger -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed.FullyQualifiedErrorId | Should -BeLike 'BananaGatewayError,*'
            "$failed" | Should -BeLike '*proxy*'
        }
        finally {
            $proxy.Dispose()
        }
    }

    It 'throws an error about <Name>' -ForEach @(
        @{ Name = 'an address'; Splat = @{ BaseUri = 'ftp://example.net' }; Id = 'BananaBaseUriInvalid' }
        @{ Name = 'an address without encryption'; Splat = @{ BaseUri = 'http://example.net' }; Id = 'BananaBaseUriInvalid' }
        @{ Name = 'a key'; Splat = @{ ApiKey = 'afk a' }; Id = 'BananaAuthenticationFailed' }
        @{ Name = 'two answers on the proxy'; Splat = @{ Proxy = 'http://127.0.0.1:9'; NoProxy = $true }; Id = 'BananaRequestInvalid' }
        @{ Name = 'a user agent'; Splat = @{ UserAgent = "a`nb" }; Id = 'BananaRequestInvalid' }
    ) {
        { New-BananaConnection @Splat } | Should -Throw -ErrorId "$Id,*"
    }

    It 'accepts unencrypted HTTP to another computer with -AllowUnencryptedAuthentication' {
        (New-BananaConnection 'afk_x' -BaseUri http://gateway.example.net -AllowUnencryptedAuthentication).BaseUri | Should -Be 'http://gateway.example.net/'
    }

    It 'names -BaseUri in the error if it is specified, and otherwise the environment variable' {
        $typed = { New-BananaConnection 'afk_x' -BaseUri ftp://x } | Should -Throw -ErrorId 'BananaBaseUriInvalid,*' -PassThru
        "$typed" | Should -BeLike '*Correct -BaseUri, or omit it*'
        $url = $env:APIFRAME_BASE_URL
        try {
            $env:APIFRAME_BASE_URL = 'ftp://x'
            $found = { New-BananaConnection 'afk_x' } | Should -Throw -ErrorId 'BananaBaseUriInvalid,*' -PassThru
            "$found" | Should -BeLike '*Correct $env:APIFRAME_BASE_URL*'
        }
        finally {
            $env:APIFRAME_BASE_URL = $url
        }
    }

    It 'returns a connection that cannot be combined with -ApiKey' {
        $connection = New-BananaConnection $emulator.ApiKey -BaseUri $emulator.BaseUri
        New-BananaImage 'a kite' -Connection $connection -ApiKey 'afk_other' -ErrorAction SilentlyContinue -ErrorVariable failed
        "$failed" | Should -BeLike '*-Connection and -ApiKey are both specified*'
        $emulator.Counts.Requests | Should -Be 0
    }

    It 'accepts time spans for parameters in seconds' {
        $connection = New-BananaConnection -TimeoutSec 00:02:00 -DownloadTimeoutSec ([timespan]'0:30:00') -MaximumRetryAfterSec '00:00:30'
        $connection.RequestTimeout, $connection.DownloadTimeout, $connection.MaximumRetryAfter | Should -Be ([timespan[]]('0:02:00', '0:30:00', '0:00:30'))
    }

    It 'sets how long a download is retried' {
        $busy = Start-BananaEmulator -GenerationTimeSec 0 -Fault DownloadBusy503 -FaultDurationSec 1
        $done = New-BananaImage 'a kite' -Connection (New-BananaConnection $busy.ApiKey -BaseUri $busy.BaseUri -DownloadTimeoutSec 0) | Wait-BananaJob
        $done | Save-BananaImage "$TestDrive/busy" -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'BananaDownloadFailed,*'
        $busy.Counts.Downloads | Should -Be 1

        $patient = New-BananaConnection -DownloadTimeoutSec 4
        Save-BananaImage "$TestDrive/busy" -Uri $done.ImageUrl -Connection $patient -ErrorAction SilentlyContinue -ErrorVariable failed
        "$failed" | Should -BeLike '*503*tried * times within * seconds*'
        $patient.DownloadTimeout | Should -Be ([timespan]'0:00:04')
    }

    It 'limits how long a Retry-After header can delay a retry' {
        $busy = Start-BananaEmulator -GenerationTimeSec 0 -RequestsPerMinute 1
        $hurried = New-BananaConnection $busy.ApiKey -BaseUri $busy.BaseUri -MaximumRetryAfterSec 1
        $hurried.MaximumRetryAfter | Should -Be ([timespan]'0:00:01')
        New-BananaImage 'a kite' -Connection $hurried -RateLimitTimeoutSec 0 | Should -HaveCount 1
        New-BananaImage 'a lighthouse' -Connection $hurried -RateLimitTimeoutSec ([timespan]::FromSeconds(2)) -Verbose -ErrorAction SilentlyContinue 4>&1 |
            Select-String 'retry in' | Select-Object -First 1 | Should -BeLike '*429*retry in 1000 ms*'
    }

    It 'sets the timeout of a request and the number of retries' {
        $stuck = Start-BananaEmulator -Fault Error503Json
        $connection = New-BananaConnection $stuck.ApiKey -BaseUri $stuck.BaseUri -MaximumRetryCount 1
        New-BananaImage 'a kite' -Connection $connection -ErrorAction SilentlyContinue
        $stuck.Counts.Submissions | Should -Be 2

        $slow = Start-BananaEmulator -Fault SlowAnswer -FaultDurationSec 30
        $connection = New-BananaConnection $slow.ApiKey -BaseUri $slow.BaseUri -MaximumRetryCount 0 -TimeoutSec 1
        Get-BananaJob -Connection $connection -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'BananaRequestTimeout,*'
    }
}
