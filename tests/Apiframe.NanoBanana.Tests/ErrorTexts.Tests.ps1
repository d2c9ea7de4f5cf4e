# Produces every error of the module and compares its text with docs/errors.md, so that all texts can be read side by side.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $assembly = (Get-Command New-BananaImage).ImplementingType.Assembly
    $errors = $assembly.GetType('Apiframe.NanoBanana.Errors')

    # The connection to a new emulator. Requests are not retried.
    function Connect([hashtable] $With = @{}) {
        $emulator = Start-BananaEmulator -GenerationTimeSec 0 @With
        New-BananaConnection -ApiKey $emulator.ApiKey -BaseUri $emulator.BaseUri -MaximumRetryCount 0 -TimeoutSec 1 -DownloadTimeoutSec 0
    }

    function New-Job([hashtable] $With = @{}, [hashtable] $Options = @{}) {
        New-BananaImage 'a kite' -Connection (Connect $With) @Options | Wait-BananaJob -ErrorAction SilentlyContinue
    }

    function New-ListedJob([hashtable] $With = @{}) {
        $connection = Connect $With
        New-BananaImage 'a kite' -Connection $connection | Out-Null
        Get-BananaJob -Connection $connection
    }

    # Replaces paths, IDs, and ports, so that the text is the same on every computer and in every run.
    function Get-PlainText([string] $Text) {
        $Text -replace [regex]::Escape((Convert-Path TestDrive:/).TrimEnd('/', '\')), '/images' -replace '\\', '/' -replace '//+', '/' -replace ':/(?=\w)', '://' `
            -replace '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}', '7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90' -replace 'a-kite-[0-9a-f]{12}', 'a-kite-0d14d3743005' `
            -replace 'request ID is [\w-]+', 'request ID is req_1a2b3c' -replace '127\.0\.0\.1:\d+', '127.0.0.1:5000'
    }

    $causes = [ordered]@{
        BananaApiKeyMissing           = { New-BananaImage 'a kite' }
        BananaBaseUriInvalid          = { $env:APIFRAME_BASE_URL = 'api.example.net'; Get-BananaAccount -ApiKey afk_1 }
        BananaRequestInvalid          = { New-BananaImage 'a kite' -Resolution 3K -Connection (Connect) }
        BananaAuthenticationFailed    = { Get-BananaAccount -Connection (New-BananaConnection -ApiKey afk_wrong -BaseUri (Start-BananaEmulator).BaseUri) }
        BananaInsufficientCredits     = { New-BananaImage 'a kite' -Connection (Connect @{ Credits = 1 }) }
        BananaAccessDenied            = { New-BananaImage 'a kite' -Connection (Connect @{ Refusal = 'InactiveKey' }) }
        BananaJobNotFound             = { Get-BananaJob (New-Guid) -Connection (Connect) }
        BananaIdempotencyConflict     = { 'a kite', 'a lighthouse' | New-BananaImage -IdempotencyKey first -Connection (Connect) }
        BananaRateLimited             = { New-BananaImage 'a kite' -RateLimitTimeoutSec 0 -Connection (Connect @{ Refusal = 'RateLimit' }) }
        BananaServiceUnavailable      = { Get-BananaAccount -Connection (Connect @{ Fault = 'Error503Json' }) }
        BananaGatewayError            = { Get-BananaAccount -Connection (Connect @{ Fault = 'Error502Empty' }) }
        BananaRequestTimeout          = { Get-BananaAccount -Connection (Connect @{ Fault = 'SlowAnswer'; FaultDurationSec = 60 }) }
        BananaConnectionFailed        = {
            # The exception is created here because the message of the operating system differs between platforms.
            $exception = [Apiframe.Client.ApiframeException]::new('Network', 'The connection to api.apiframe.ai failed: Name or service not known')
            $errors.GetMethod('From').Invoke($null, @($exception, 'account'))
        }
        BananaResponseInvalid         = { Get-BananaAccount -Connection (Connect @{ Fault = 'TruncatedJson' }) }
        BananaSubmissionUnknown       = { New-BananaImage 'a kite' -Connection (Connect @{ Fault = 'SlowAnswer'; FaultDurationSec = 60 }) }
        BananaWaitTimeout             = {
            New-BananaImage 'a kite' -Connection (New-BananaConnection -ApiKey ($slow = Start-BananaEmulator -GenerationTimeSec 600).ApiKey -BaseUri $slow.BaseUri) | Wait-BananaJob -Timeout 1
        }
        BananaJobFailed               = {
            # The job is created here because the emulator declines the prompts of failed jobs, which is another error.
            $job = [Apiframe.Client.BananaJob]::FromRecord((New-Guid), 'FAILED', 'a kite', $null, 'The provider is overloaded', 0, $null, $null)
            try { $job.EnsureCompleted() } catch { $errors.GetMethod('From').Invoke($null, @($_.Exception.InnerException, $job)) }
        }
        BananaJobCancelled            = { New-BananaImage 'a kite' -Connection (Connect @{ Fault = 'JobCancelled' }) | Wait-BananaJob }
        BananaJobWithoutImage         = { New-ListedJob @{ Fault = 'JobWithoutUrl'; FaultDurationSec = 600 } | Save-BananaImage TestDrive:/none }
        BananaJobNotFinished          = { New-BananaImage 'a kite' -Connection (New-BananaConnection -ApiKey ($slow = Start-BananaEmulator -GenerationTimeSec 600).ApiKey -BaseUri $slow.BaseUri) | Save-BananaImage TestDrive:/none }
        BananaImageExpired            = { New-Job @{ Fault = 'DownloadGone410' } | Save-BananaImage TestDrive:/none }
        BananaImageAddressRefused     = {
            $guard = [Apiframe.Client.Save.ImageDownloader].Assembly.GetType('Apiframe.Client.Save.AddressGuard')
            # Both hosts are IP addresses, so no name is resolved.
            $check = $guard.GetMethod('RequireAllowedAsync').Invoke($guard.GetConstructors()[0].Invoke(@($null)), @([uri]'http://192.168.1.1/a.png', [uri]'http://203.0.113.5/', [Threading.CancellationToken]::None))
            try { $check.GetAwaiter().GetResult() } catch { $errors.GetMethod('From').Invoke($null, @($_.Exception.InnerException, $null)) }
        }
        BananaDownloadFailed          = { New-Job @{ Fault = 'DownloadBusy503' } | Save-BananaImage TestDrive:/none }
        BananaDownloadCorrupt         = { New-Job @{ Fault = 'DownloadHtml' } | Save-BananaImage TestDrive:/none }
        BananaFileExists              = { $job = New-Job; 1..2 | ForEach-Object { $job | Save-BananaImage TestDrive:/twice } }
        BananaImageFormatMismatch     = { New-Job @{} @{ OutputFormat = 'png' } | Save-BananaImage TestDrive:/kite.webp }
        BananaMetadataConflict        = {
            Set-Content TestDrive:/other.png.json 'Not metadata'
            New-Job @{} @{ OutputFormat = 'png' } | Save-BananaImage TestDrive:/other.png -Metadata
        }
        BananaJournalInUse            = {
            $lock = [IO.File]::Open((Join-Path (Convert-Path TestDrive:/) 'used.jsonl.lock'), 'OpenOrCreate', 'ReadWrite', 'None')
            try { New-BananaImage 'a kite' -Journal TestDrive:/used.jsonl -Connection (Connect) } finally { $lock.Dispose() }
        }
        BananaJournalDamaged          = {
            New-BananaImage 'a kite' -Journal TestDrive:/damaged.jsonl -Connection (Connect) | Out-Null
            Add-Content TestDrive:/damaged.jsonl "{`"event`":`n{}"
            Get-BananaJournal TestDrive:/damaged.jsonl
        }
        BananaJournalUnsupported      = {
            Set-Content TestDrive:/later.jsonl '{"event":"journal","version":2,"id":"5c2b9a7e-0d4f-4a61-b3c8-9e1f2a3b4c5d","createdAt":"2026-11-20T09:00:00.000Z"}'
            Get-BananaJournal TestDrive:/later.jsonl
        }
        BananaJournalNotWritable      = { New-Item TestDrive:/folder.jsonl -ItemType Directory | Out-Null; New-BananaImage 'a kite' -Journal TestDrive:/folder.jsonl -Connection (Connect) }
        BananaWebhookSignatureInvalid = { ConvertFrom-BananaWebhook -Body '{}' -Signature ('sha256=' + '0' * 64) -ApiKey afk_1 }
        BananaWriteFailed             = {
            # The exception is created here because an administrator can write to every folder.
            $errors.GetMethod('From').Invoke($null, @([UnauthorizedAccessException]::new("Access to the path '/images/a-kite-0d14d3743005.jpg' is denied."), (New-Job)))
        }
        BananaPathInvalid             = { $jobs = (New-Job), (New-Job); $jobs | Save-BananaImage TestDrive:/one.jpg }
        BananaGalleryPathInvalid      = { 'a' | Export-BananaGallery ./images }
        BananaGalleryEmpty            = { @() | Export-BananaGallery TestDrive:/index.html }
        BananaJournalNotFound         = { Get-BananaJournal TestDrive:/missing.jsonl }
        BananaJournalNotReadable      = { New-Item TestDrive:/other.jsonl -ItemType Directory | Out-Null; Get-BananaJournal -LiteralPath TestDrive:/other.jsonl }
        BananaPromptDeclined          = { New-BananaImage 'a kite' -Connection (Connect @{ FailureRate = 1 }) | Wait-BananaJob }
        BananaModelNotFound           = { Get-BananaModel nano-bananna -Connection (Connect) }
        BananaBudgetReached           = { 1..3 | ForEach-Object { "kite $_" } | New-BananaImage -MaximumCredit 10 -ThrottleLimit 1 -Connection (Connect @{ CreditCost = 8 }) }
        BananaNotSubmitted            = { 1..5 | ForEach-Object { "kite $_" } | New-BananaImage -ThrottleLimit 1 -Connection (Connect @{ CreditCost = 8; Credits = 10 }) }
        BananaPipelineStopped         = {
            $jobs = [Apiframe.Client.BananaJob[]]@(New-Job)
            $errors.GetMethod('PipelineEnded').Invoke($null, @($jobs, [Apiframe.Client.ApiframeException[]]@(), [datetime]'2026-11-23 09:01:00'))
        }
        BananaEmulatorNotStarted      = { Start-BananaEmulator -FailureRate 2 }
        BananaUnexpectedError         = { $errors.GetMethod('From').Invoke($null, @([InvalidOperationException]::new('Sequence contains no elements.'), 'a kite')) }
    }

    function Get-Text([string] $Id) {
        $ErrorActionPreference = 'Continue'
        $url, $key = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY
        $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $null, $null
        try {
            $written = try { & $causes[$Id] 2>&1 } catch { $_ }
            $found = $written | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] -and ($_.FullyQualifiedErrorId -split ',')[0] -eq $Id } | Select-Object -First 1
            if (-not $found) { "nothing, but: $written" } else { Get-PlainText "$found" }
        }
        finally {
            $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
            Stop-BananaEmulator
        }
    }
}

Describe 'The texts in docs/errors.md' {
    It 'match the messages that the module writes, for every error' {
        $ids = $errors.GetProperty('All').GetValue($null) | ForEach-Object Item1 | Sort-Object
        @($causes.Keys | Sort-Object) | Should -Be $ids

        $texts = $ids | ForEach-Object { "- ``$_``: $(Get-Text $_)" }
        # After a change, copy the lines of this file into docs/errors.md.
        $texts | Set-Content (Join-Path $RepositoryRoot 'out/error-texts.md')

        Get-Content (Join-Path $RepositoryRoot 'docs/errors.md') | Where-Object { $_ -match '^- `Banana\w+`: ' } | Should -Be $texts
    }
}
