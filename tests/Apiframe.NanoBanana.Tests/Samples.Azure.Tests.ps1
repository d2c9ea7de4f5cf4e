Describe 'The samples for Azure' -Tag 'PowerShell 7: Azure runs them in it' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
        Import-Module $StagedModule -Force
        $app = Join-Path $RepositoryRoot 'samples/AzureFunctions'

        # The parts of Azure Functions that the scripts use.
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
    }

    Describe 'samples/AzureFunctions/SaveBananaImage/run.ps1' {
        BeforeAll {
            $function = Join-Path $app 'SaveBananaImage/run.ps1'

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

        It 'saves the image of a completed job and returns 204, with either form of the signature' -ForEach @{ HexText = $false }, @{ HexText = $true } {
            Invoke-Function $completed (Get-WebhookSignature $completed $key -HexText:$HexText) | Should -Be 'Response 204'
            $file = Get-ChildItem $env:BANANA_IMAGE_FOLDER
            $file.Name | Should -Be "$($job.JobId).jpg"
            ($file | Get-ImageFormat).Format | Should -Be 'jpg'
        }

        It 'returns 204 for a repeated webhook, and does nothing' {
            $signature = Get-WebhookSignature $completed $key
            Invoke-Function $completed $signature | Should -Be 'Response 204'
            $first = Get-ChildItem $env:BANANA_IMAGE_FOLDER
            Invoke-Function $completed $signature | Should -Be 'Response 204'
            $second = Get-ChildItem $env:BANANA_IMAGE_FOLDER
            "$second $($second.LastWriteTimeUtc.Ticks)" | Should -Be "$first $($first.LastWriteTimeUtc.Ticks)"
            $emulator.Counts.Downloads | Should -Be ($downloads + 1)
        }

        It 'returns 401 for <Name>, and saves nothing' -ForEach @(
            @{ Name = 'a wrong signature'; Sign = { Get-WebhookSignature $completed 'afk_other' } }
            @{ Name = 'no signature'; Sign = { '' } }
        ) {
            Invoke-Function $completed (& $Sign) | Should -Be 'Response 401'
            $env:BANANA_IMAGE_FOLDER | Should -Not -Exist
            $emulator.Counts.Downloads | Should -Be $downloads
        }

        It 'returns 204 for the event <Name>, and saves nothing' -ForEach @(
            @{ Name = 'failed'; Status = 'FAILED'; More = @{ error = 'The provider declined the prompt (content policy)' } }
            @{ Name = 'progress'; Status = 'PROCESSING'; More = @{ progress = 40 } }
        ) {
            $body = New-Body $Name $Status $More
            Invoke-Function $body (Get-WebhookSignature $body $key) | Should -Be 'Response 204'
            $env:BANANA_IMAGE_FOLDER | Should -Not -Exist
        }

        It 'returns 400 for a signed body that is not an event' {
            Invoke-Function '{"jobs":[]}' (Get-WebhookSignature '{"jobs":[]}' $key) | Should -Be 'Response 400'
        }

        It 'returns 500 if <Name>' -ForEach @(
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

    Describe 'samples/AzureFunctions/SubmitBananaImage/run.ps1' {
        BeforeAll {
            $submit = Join-Path $app 'SubmitBananaImage/run.ps1'
            $save = Join-Path $app 'SaveBananaImage/run.ps1'

            # The listener returns the status code that SaveBananaImage returns.
            function Push-OutputBinding($Name, $Value) {
                $answer[$Name] = [int]$Value.StatusCode
            }

            function Send-Message($QueueItem, $Id = [guid]::NewGuid()) {
                & $submit -QueueItem $QueueItem -TriggerMetadata @{ Id = "$Id"; DequeueCount = 1 } | Should -BeNullOrEmpty
            }

            function Invoke-SaveFunction {
                $waiting = $listener.GetContextAsync()
                $waiting.Wait(30000) | Should -BeTrue -Because 'the service posts what becomes of the job'
                $context = $waiting.Result
                $body = [System.IO.StreamReader]::new($context.Request.InputStream).ReadToEnd()
                $request = [HttpRequestContext]@{ RawBody = $body; Body = $body | ConvertFrom-Json -AsHashtable }
                $context.Request.Headers.AllKeys | ForEach-Object { $request.Headers[$_] = $context.Request.Headers[$_] }
                $answer = @{}
                & $save -Request $request
                $context.Response.StatusCode = $answer.Response
                $context.Response.Close()
                $answer.Response
            }
        }

        BeforeEach {
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
            $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
            $probe.Start()
            $env:BANANA_WEBHOOK_URL = "http://127.0.0.1:$($probe.LocalEndpoint.Port)/api/SaveBananaImage/"
            $probe.Stop()
            $env:BANANA_IMAGE_FOLDER = Join-Path $TestDrive ([guid]::NewGuid())
            $listener = [System.Net.HttpListener]::new()
            $listener.Prefixes.Add($env:BANANA_WEBHOOK_URL)
            $listener.Start()
        }

        AfterEach {
            $emulator | Stop-BananaEmulator
            $listener.Close()
            $env:BANANA_WEBHOOK_URL = $env:BANANA_IMAGE_FOLDER = $null
        }

        It 'submits a message that is <Name>, and SaveBananaImage saves the image when the service sends the webhook' -ForEach @(
            @{ Name = 'text'; Message = 'a kite'; Format = 'jpg' }
            @{ Name = 'JSON'; Message = @{ prompt = 'a kite'; resolution = '512px'; outputFormat = 'png' }; Format = 'png' }
        ) {
            Send-Message $Message
            Invoke-SaveFunction | Should -Be 204
            (Get-ChildItem $env:BANANA_IMAGE_FOLDER | Get-ImageFormat).Format | Should -Be $Format
            $emulator.Counts.ImagesBilled | Should -Be 1
        }

        It 'pays once for a message that is delivered twice, and again for another message' {
            Send-Message 'a kite' -Id 7
            Send-Message 'a kite' -Id 7
            $emulator.Counts | ForEach-Object { "$($_.ImagesBilled) $($_.Replays)" } | Should -Be '1 1'
            Send-Message 'a kite' -Id 8
            $emulator.Counts.ImagesBilled | Should -Be 2
        }

        It 'fails, so that the queue keeps the message, if <Name>' -ForEach @(
            @{ Name = 'the service cannot take it'; Break = { $env:BANANA_WEBHOOK_URL = 'nowhere' }; ErrorId = 'BananaRequestInvalid,*' }
            @{ Name = 'the address is not set'; Break = { $env:BANANA_WEBHOOK_URL = $null }; ErrorId = '*BANANA_WEBHOOK_URL*' }
        ) {
            . $Break
            { Send-Message 'a kite' } | Should -Throw -ErrorId $ErrorId
            $emulator.Counts.Submissions | Should -Be 0
        }

        It 'has the binding that the script uses' {
            $binding = (Get-Content (Join-Path $app 'SubmitBananaImage/function.json') -Raw | ConvertFrom-Json).bindings
            $binding.type | Should -Be 'queueTrigger'
            $binding.name | Should -BeIn (Get-Command $submit).Parameters.Keys
        }
    }

    Describe 'samples/AzureAutomation/New-NightlyImage.ps1' {
        BeforeAll {
            $runbook = Join-Path $RepositoryRoot 'samples/AzureAutomation/New-NightlyImage.ps1'

            # The parts of Azure Automation and the Az modules that the runbook uses. A folder replaces the container.
            function Get-AutomationPSCredential($Name) {
                if ($Name -eq 'Apiframe') { [pscredential]::new('any', $emulator.ApiKey) } else { throw "No credential $Name" }
            }

            function Get-AutomationVariable($Name) {
                @{ BananaPrompt = "Prompt,Resolution`na kite,512px`na lighthouse,"; BananaStorageAccount = 'pictures'; BananaContainer = 'kites' }[$Name]
            }

            function Connect-AzAccount([switch] $Identity) {
                "connected: $Identity"
            }

            function New-AzStorageContext($StorageAccountName, [switch] $UseConnectedAccount) {
                "$StorageAccountName, $UseConnectedAccount"
            }

            function Set-AzStorageBlobContent {
                [CmdletBinding()]
                param($File, $Container, $Blob, $Context, [switch] $Force)

                if ($Context -ne 'pictures, True') { throw 'A wrong context.' }
                if ($uploadsFail) { Write-Error 'The container is gone.'; return }
                New-Item "$TestDrive/$Container/$Scope" -ItemType Directory -Force | Out-Null
                Copy-Item -LiteralPath $File "$TestDrive/$Container/$Blob" -Force:$Force -PassThru
            }
        }

        BeforeEach {
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0
            $env:APIFRAME_API_KEY = $null
            $scope = "test-$([guid]::NewGuid())"
            $uploadsFail = $false
        }

        AfterEach {
            $emulator | Stop-BananaEmulator
            Remove-Item (Join-Path ([System.IO.Path]::GetTempPath()) $scope) -Recurse -ErrorAction Ignore
        }

        It 'puts an image for each prompt into the container, and pays for each once although it is run twice' {
            foreach ($run in 1..2) {
                & $runbook -Scope $scope | Should -Be "2 of 2 images are in kites/$scope."
                Get-ChildItem "$TestDrive/kites/$scope" | Should -HaveCount 2
                $emulator.Counts.ImagesBilled | Should -Be 2
            }
        }

        It 'fails if <Name>, and makes the missing images when it is run again' -ForEach @(
            @{ Name = 'the container cannot be written to'; With = @{}; Break = { $uploadsFail = $true } }
            @{ Name = 'the budget does not cover all'; With = @{ MaximumCredit = 15 }; Break = {} }
        ) {
            . $Break
            { & $runbook -Scope $scope @With 2> $null } | Should -Throw '*images are missing*'
            $uploadsFail = $false
            & $runbook -Scope $scope | Should -Be "2 of 2 images are in kites/$scope."
            $emulator.Counts.ImagesBilled | Should -Be 2
        }
    }
}
