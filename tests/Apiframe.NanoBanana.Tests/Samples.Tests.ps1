BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'samples/AzureFunctionsWebhook' {
    BeforeAll {
        $app = Join-Path $RepositoryRoot 'samples/AzureFunctionsWebhook'
        $function = Join-Path $app 'SaveBananaImage/run.ps1'

        # What Azure Functions gives a script, as far as it matters here.
        if (-not ('HttpResponseContext' -as [type])) {
            Add-Type 'using System; using System.Collections.Generic;
                public class HttpResponseContext { public System.Net.HttpStatusCode StatusCode { get; set; } public object Body { get; set; } }
                public class HttpRequestContext
                {
                    public object Body { get; set; }
                    public object RawBody { get; set; }
                    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);
                }'
        }

        function Push-OutputBinding($Name, $Value) {
            $answers.Add("$Name $([int]$Value.StatusCode)")
        }

        function Invoke-Function([string] $Body, [string] $Signature) {
            $request = [HttpRequestContext]@{ RawBody = $Body; Body = try { $Body | ConvertFrom-Json -AsHashtable } catch { $Body } }
            if ($Signature) { $request.Headers['x-webhook-signature'] = $Signature }
            $answers = [System.Collections.Generic.List[string]]::new()
            & $function -Request $request -WarningVariable warnings 3> $null | Should -BeNullOrEmpty
            $answers
        }

        function New-Body([string] $EventName, [string] $Status, [hashtable] $More = @{}) {
            $fields = @{ event = $EventName; jobId = $job.JobId; status = $Status; model = $job.Model } + $More
            $fields | ConvertTo-Json -Compress
        }

        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $key = $env:APIFRAME_API_KEY
        $job = New-BananaImage 'a kite' | Wait-BananaJob
        $completed = New-Body completed COMPLETED @{ result = @{ images = @("$($job.ImageUrl)") } }
    }

    BeforeEach {
        $env:APIFRAME_API_KEY = $key
        $env:BANANA_IMAGE_FOLDER = Join-Path $TestDrive ([guid]::NewGuid())
        $downloads = $emulator.Counts.Downloads
    }

    AfterAll {
        $env:APIFRAME_API_KEY = $key
        $env:BANANA_IMAGE_FOLDER = $null
        $emulator | Stop-BananaEmulator
    }

    It 'saves the image of a completed job and answers 204, in either reading of the signature' -ForEach @{ HexText = $false }, @{ HexText = $true } {
        Invoke-Function $completed (Get-WebhookSignature $completed $key -HexText:$HexText) | Should -Be 'Response 204'
        $file = Get-ChildItem $env:BANANA_IMAGE_FOLDER
        $file.Name | Should -Be "$($job.JobId).jpg"
        ($file | Get-ImageFormat).Format | Should -Be 'jpg'
    }

    It 'answers a repeated post and does nothing' {
        $signature = Get-WebhookSignature $completed $key
        Invoke-Function $completed $signature | Should -Be 'Response 204'
        $first = Get-ChildItem $env:BANANA_IMAGE_FOLDER
        Invoke-Function $completed $signature | Should -Be 'Response 204'
        $second = Get-ChildItem $env:BANANA_IMAGE_FOLDER
        "$second $($second.LastWriteTimeUtc.Ticks)" | Should -Be "$first $($first.LastWriteTimeUtc.Ticks)"
        $emulator.Counts.Downloads | Should -Be ($downloads + 1)
    }

    It 'answers 401 to <Name>, and saves nothing' -ForEach @(
        @{ Name = 'a wrong signature'; Sign = { Get-WebhookSignature $completed 'afk_other' } }
        @{ Name = 'no signature'; Sign = { '' } }
    ) {
        Invoke-Function $completed (& $Sign) | Should -Be 'Response 401'
        $env:BANANA_IMAGE_FOLDER | Should -Not -Exist
        $emulator.Counts.Downloads | Should -Be $downloads
    }

    It 'answers the event <Name> and saves nothing' -ForEach @(
        @{ Name = 'failed'; Status = 'FAILED'; More = @{ error = 'The provider declined the prompt (content policy)' } }
        @{ Name = 'progress'; Status = 'PROCESSING'; More = @{ progress = 40 } }
    ) {
        $body = New-Body $Name $Status $More
        Invoke-Function $body (Get-WebhookSignature $body $key) | Should -Be 'Response 204'
        $env:BANANA_IMAGE_FOLDER | Should -Not -Exist
    }

    It 'answers 400 to a signed body that is no event' {
        Invoke-Function '{"jobs":[]}' (Get-WebhookSignature '{"jobs":[]}' $key) | Should -Be 'Response 400'
    }

    It 'answers 500 if <Name>' -ForEach @(
        @{ Name = 'the image cannot be written'; Break = { Set-Content "$TestDrive/a-file" x; $env:BANANA_IMAGE_FOLDER = "$TestDrive/a-file/images" } }
        @{ Name = 'the folder is not set'; Break = { $env:BANANA_IMAGE_FOLDER = $null } }
        @{ Name = 'the key is not set'; Break = { $env:APIFRAME_API_KEY = $null } }
    ) {
        . $Break
        Invoke-Function $completed (Get-WebhookSignature $completed $key) | Should -Be 'Response 500'
    }

    It 'has the bindings that the script uses' {
        $bindings = (Get-Content (Join-Path $app 'SaveBananaImage/function.json') -Raw | ConvertFrom-Json).bindings
        ($bindings | Where-Object direction -EQ 'in').name | Should -BeIn (Get-Command $function).Parameters.Keys
        ($bindings | Where-Object direction -EQ 'out').name | Should -Be 'Response'
        (Get-Content (Join-Path $app 'host.json') -Raw | ConvertFrom-Json).version | Should -Be '2.0'
    }
}
