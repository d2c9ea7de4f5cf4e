BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'The key' {
    It 'is in nothing that the module writes' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -Credits 12
        try {
            $key = $env:APIFRAME_API_KEY
            # Not written out below: an error quotes the line of the script that it came from.
            $wrong = 'afk_' + 'wrong'
            $Error.Clear()
            $everything = & {
                $ErrorActionPreference = 'Continue'
                $jobs = 'a', 'b', 'c', '' | New-BananaImage -ApiKey $key -Verbose -Debug | Wait-BananaJob -Verbose
                $jobs | Save-BananaImage "$TestDrive/secret" -Verbose
                $jobs | Format-List * | Out-String
                $jobs | ConvertTo-Json -Depth 5
                $jobs | Export-Clixml "$TestDrive/jobs.xml"
                Get-Content "$TestDrive/jobs.xml"
                $jobs | Get-Member | Out-String
                $account = Get-BananaAccount -Verbose -Debug
                $account | Out-String
                $account | Format-List * | Out-String
                $account | ConvertTo-Json
                Get-BananaModel -Verbose -Debug | Format-List * | Out-String
                Get-BananaAccount -ApiKey $wrong
                $emulator | Format-List * | Out-String
                $emulator | ConvertTo-Json -Depth 3
                New-BananaImage x -ApiKey $wrong
                $Error | ForEach-Object { $_ | Format-List * -Force | Out-String; $_.Exception.ToString() }
            } *>&1 | Out-String -Width 500

            $everything | Should -BeLike '*POST /v2/images/generate 202 in * ms (*'
            $everything | Should -BeLike '*Invalid API key*'
            $everything | Should -BeLike '*GET /v2/me 200 in * ms (*'
            $everything | Should -BeLike "*$($key.Substring(0, 8))*"
            $everything | Should -BeLike '*not enough credits*'
            $everything | Should -Not -BeLike "*$key*"
            $everything | Should -Not -BeLike "*$wrong*"
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}
