BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -Credits 500

    # Returns the lines that a window of 80 columns shows, without blank lines.
    function Show($Of) {
        $Of | Out-String -Stream -Width 80 | Where-Object { $_.Trim() }
    }
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'Get-BananaAccount' {
    It 'returns the credits, the plan, the team, the user, and the name and prefix of the key' {
        $account = Get-BananaAccount
        $account | Should -BeOfType Apiframe.Client.BananaAccount
        $account.Credits | Should -Be 500
        $account.Plan | Should -Be 'emulator'
        $account.MaxConcurrentJobs | Should -Be 10
        $account.TeamName | Should -Be 'Emulator'
        $account.UserEmail | Should -Be 'emulator@example.com'
        $account.ApiKeyName | Should -Be 'emulator'
        $account.ApiKeyPrefix | Should -Be $env:APIFRAME_API_KEY.Substring(0, 8)
    }

    It 'returns a balance that is lower by the cost of the job after an image is made' {
        $before = (Get-BananaAccount).Credits
        $job = New-BananaImage 'a kite' | Wait-BananaJob
        $before - (Get-BananaAccount).Credits | Should -Be $job.CreditCost
        $job.CreditCost | Should -BeGreaterThan 0
    }

    It 'has no positional parameter, so that text is not mistaken for a key' {
        { Get-BananaAccount 'afk_1' } | Should -Throw -ErrorId 'PositionalParameterNotFound,*'
    }

    It 'returns an account for each valid key from the pipeline, and writes an error for each invalid key' {
        $keys = $env:APIFRAME_API_KEY, 'afk_none', $env:APIFRAME_API_KEY | ForEach-Object { [pscustomobject]@{ ApiKey = $_ } }
        $accounts = $keys | Get-BananaAccount -ErrorAction SilentlyContinue -ErrorVariable refused
        $accounts.ApiKeyName | Should -Be 'emulator', 'emulator'
        $refused.FullyQualifiedErrorId | Should -Be 'BananaAuthenticationFailed,Apiframe.NanoBanana.Commands.GetBananaAccountCommand'
        $refused.TargetObject | Should -Be 'account'
    }

    It 'writes an error and sends no request when no key is set' {
        $before = $emulator.Counts.Requests
        $key = $env:APIFRAME_API_KEY
        try {
            $env:APIFRAME_API_KEY = $null
            Get-BananaAccount -ErrorAction SilentlyContinue -ErrorVariable missing | Should -BeNullOrEmpty
        }
        finally {
            $env:APIFRAME_API_KEY = $key
        }
        $missing.FullyQualifiedErrorId | Should -BeLike 'BananaApiKeyMissing,*'
        "$missing" | Should -BeLike '*$env:APIFRAME_API_KEY*'
        $emulator.Counts.Requests | Should -Be $before
    }

    It 'writes an error about the base URI when it does not belong to an Apiframe service' {
        $url = $env:APIFRAME_BASE_URL
        try {
            $env:APIFRAME_BASE_URL = "$($url.TrimEnd('/'))/v2"
            Get-BananaAccount -ErrorAction SilentlyContinue -ErrorVariable misled | Should -BeNullOrEmpty
        }
        finally {
            $env:APIFRAME_BASE_URL = $url
        }
        $misled.FullyQualifiedErrorId | Should -BeLike 'BananaBaseUriInvalid,*'
        "$misled" | Should -BeLike '*404*$env:APIFRAME_BASE_URL*'
    }

    It 'returns an object that is displayed as a table within 80 columns, and as a list with every property' {
        $table = Show (Get-BananaAccount)
        $table | Should -HaveCount 3
        $table[0] | Should -Match '^ +Credits Plan +MaxJobs Team +Key +User *$'
        $table[2] | Should -Match "^ +\d+ emulator +10 Emulator +afk_emul +emulator@example.com *$"
        $list = Show (Get-BananaAccount | Format-List)
        ($list -replace ' *:.*').Trim() | Should -Be (Get-BananaAccount).PSObject.Properties.Name
    }

    It 'returns an object that is displayed the same way after Export-Clixml and Import-Clixml' {
        Get-BananaAccount | Export-Clixml "$TestDrive/account.xml"
        Show (Import-Clixml "$TestDrive/account.xml") | Should -Be (Show (Get-BananaAccount))
    }
}

Describe 'Get-BananaModel' {
    It 'lists the image models with their costs' {
        $models = Get-BananaModel
        $models | Should -BeOfType Apiframe.Client.BananaModel
        $models.Model | Should -Be @(
            'nano-banana', 'nano-banana-pro', 'nano-banana-2', 'nano-banana-2-lite', 'topaz-image-upscale', 'clarity-upscale', 'bria-bg-remove', '851-bg-remove'
        )
        $models | ForEach-Object {
            $_.Modality | Should -Be 'image'
            $_.CostMin | Should -BeGreaterThan 0
            if ($_.PricingMode -eq 'flat') { $_.CostMax | Should -Be $_.CostMin } else { $_.CostMax | Should -BeGreaterThan $_.CostMin }
            ($_.RawJson | ConvertFrom-Json).label | Should -Be $_.Label
        }
    }

    It 'needs no key' {
        $key = $env:APIFRAME_API_KEY
        try {
            $env:APIFRAME_API_KEY = $null
            Get-BananaModel nano-* | Should -HaveCount 4
        }
        finally {
            $env:APIFRAME_API_KEY = $key
        }
    }

    It 'finds <Name>' -ForEach @(
        @{ Name = 'one id'; Filter = @{ Model = 'nano-banana-2' }; Expected = @('nano-banana-2') }
        @{ Name = 'several, in any case and in the order of the service'; Filter = @{ Model = '*-PRO', 'nano-banana' }; Expected = @('nano-banana', 'nano-banana-pro') }
        @{ Name = 'nothing for a pattern that matches none'; Filter = @{ Model = 'none*' }; Expected = @() }
        @{ Name = 'models of all kinds'; Filter = @{ Modality = '*'; Model = '*-pro' }; Expected = @('nano-banana-pro') }
        @{ Name = 'a modality in any case'; Filter = @{ Modality = 'Image'; Model = '*-2*' }; Expected = @('nano-banana-2', 'nano-banana-2-lite') }
        @{ Name = 'nothing where there is nothing'; Filter = @{ Modality = 'video' }; Expected = @() }
    ) {
        @(Get-BananaModel @Filter -ErrorAction Stop | ForEach-Object Model) | Should -Be $Expected
    }

    It 'writes an error for a name that the service does not list, and returns the other models' {
        Get-BananaModel nope, nano-banana, none* -ErrorAction SilentlyContinue -ErrorVariable missing | ForEach-Object Model | Should -Be 'nano-banana'
        $missing.FullyQualifiedErrorId | Should -Be 'BananaModelNotFound,Apiframe.NanoBanana.Commands.GetBananaModelCommand'
        "$missing" | Should -BeLike "The service does not list a model named 'nope' in the modality 'image'.*"
        $missing.TargetObject | Should -Be 'nope'
    }

    It 'writes an error when the service rejects an unknown modality' {
        Get-BananaModel -Modality sculpture -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused.FullyQualifiedErrorId | Should -Be 'BananaRequestInvalid,Apiframe.NanoBanana.Commands.GetBananaModelCommand'
        "$refused" | Should -BeLike '*modality*'
        $refused.TargetObject | Should -Be 'sculpture'
    }

    It 'returns models that can be piped to New-BananaImage: <Name>' -ForEach @(
        @{ Name = 'the object itself'; Through = { $input } }
        @{ Name = 'a CSV row'; Through = { $input | Export-Csv "$TestDrive/models.csv"; Import-Csv "$TestDrive/models.csv" } }
        @{ Name = 'JSON and back'; Through = { $input | ConvertTo-Json | ConvertFrom-Json } }
        @{ Name = 'CLIXML and back'; Through = { $input | Export-Clixml "$TestDrive/models.xml"; Import-Clixml "$TestDrive/models.xml" } }
    ) {
        $jobs = Get-BananaModel *-pro, *-lite | & $Through | New-BananaImage -Prompt 'a kite' | Sort-Object Model
        $jobs.Model | Should -Be 'nano-banana-2-lite', 'nano-banana-pro'
        $jobs.Prompt | Should -Be 'a kite', 'a kite'
    }

    It 'returns an object that is displayed as a table within 80 columns, and as a list' {
        $model = Get-BananaModel nano-banana-2
        $table = Show $model
        $table | Should -HaveCount 3
        $table[0] | Should -Match '^Model +Modality +Cost Pricing +Description *$'
        $table[2] | Should -Match "^nano-banana-2 +image +$($model.CostMin)-$($model.CostMax) per-output Search grounding"
        $list = Show ($model | Format-List)
        ($list -replace ' *:.*').Trim() | Should -Be ($model.PSObject.Properties.Name -ne 'RawJson')
    }

    It 'returns an object that is displayed with a single price if the cost is fixed, and without a price if the cost is unknown' {
        $flat = Get-BananaModel nano-banana-2 | Select-Object *
        $flat.PSTypeNames.Insert(0, 'Deserialized.Apiframe.Client.BananaModel')
        $flat.CostMin = $flat.CostMax = 7
        (Show $flat)[2] | Should -Match 'image +7 per-output'
        $flat.CostMax = $null
        (Show $flat)[2] | Should -Match 'image +7 per-output'
        $flat.CostMin = $null
        (Show $flat)[2] | Should -Match 'image +per-output'
    }
}
