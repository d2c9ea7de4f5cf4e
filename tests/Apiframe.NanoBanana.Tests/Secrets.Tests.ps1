BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'The API key' {
    It 'does not appear in any output of the module' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -Credits 12
        try {
            $key = $env:APIFRAME_API_KEY
            # The value is assembled here, because an error quotes the script line that caused it.
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
            $everything | Should -BeLike '*does not have enough credits*'
            $everything | Should -Not -BeLike "*$key*"
            $everything | Should -Not -BeLike "*$wrong*"
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }

    It 'does not appear in an error in any view, even if the server repeats it in several encodings' {
        $emulator = Start-BananaEmulator -SetEnvironment -Fault KeyEchoed
        try {
            $key = $env:APIFRAME_API_KEY
            $connection = New-BananaConnection -MaximumRetryCount 0
            $getError = Get-Command Get-Error -ErrorAction Ignore
            $Error.Clear()
            $everything = & {
                $ErrorActionPreference = 'Continue'
                New-BananaImage x -Connection $connection -Verbose
                Get-BananaJob -Connection $connection -Verbose
                Get-BananaAccount -Connection $connection -Verbose
                $Error | ForEach-Object { $_ | Format-List * -Force | Out-String; $_.Exception | Format-List * -Force | Out-String; if ($getError) { $_ | & $getError | Out-String } }
                $Error | Export-Clixml "$TestDrive/errors.xml" -Depth 6
                Get-Content "$TestDrive/errors.xml" -Raw
            } *>&1 | Out-String -Width 500

            $bytes = [System.Text.Encoding]::UTF8.GetBytes($key)
            $everything | Should -BeLike '*Internal Server Error: request with key afk_`*`*`*, base64 afk_`*`*`*, upper case afk_`*`*`*, hex afk_`*`*`*, percent afk_`*`*`**'
            $everything | Should -BeLike '*request ID is req_afk_`*`*`**'
            foreach ($spelling in $key, $key.Substring(4), (ConvertTo-Hex $bytes), [System.Convert]::ToBase64String($bytes).Substring(0, 40), '%61%66%6B', '\u0061') {
                $everything.IndexOf($spelling, [System.StringComparison]::OrdinalIgnoreCase) | Should -Be -1 -Because $spelling
            }
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}

Describe 'A password or a signature in a URL' {
    It 'does not appear in an error or its exception' {
        # The value is assembled here, because an error quotes the script line that caused it.
        $word = 'pass' + 'word1'
        $Error.Clear()
        $everything = & {
            $ErrorActionPreference = 'Continue'
            foreach ($address in "https://user:$word@gateway.example.net", "ftp://user:$word@gateway.example.net", "ftp://gateway.example.net/?sig=$word") {
                try { New-BananaConnection 'afk_x' -BaseUri $address } catch { $_ | Out-String }
            }
            try { New-BananaConnection 'afk_x' -Proxy "http://user:$word@127.0.0.1:9" } catch { $_ | Out-String }
            $env:APIFRAME_BASE_URL, $url = "user:$word@gateway.example.net", $env:APIFRAME_BASE_URL
            try { Get-BananaAccount -ApiKey 'afk_x' } finally { $env:APIFRAME_BASE_URL = $url }
            $connection = New-BananaConnection 'afk_x' -MaximumRetryCount 0 -DownloadTimeoutSec 0 -BaseUri http://127.0.0.1:9
            Save-BananaImage "$TestDrive/signed" -Uri "http://127.0.0.1:9/1.png?X-Amz-Signature=$word" -Connection $connection -Verbose
            $Error | ForEach-Object { $_ | Out-String; $_.CategoryInfo.ToString(); $_.Exception | Format-List * -Force | Out-String }
            $Error.Where({ $_.TargetObject -isnot [uri] }) | ForEach-Object { $_ | Format-List * -Force | Out-String }
        } *>&1 | Out-String -Width 500

        $everything | Should -BeLike '*contains a user name*'
        $everything | Should -BeLike "*'`*`*`*@gateway.example.net' is not an absolute http or https URL*"
        $everything | Should -BeLike '*The download from 127.0.0.1 was interrupted*'
        $everything | Should -Not -BeLike "*$word*"
        # The TargetObject can be piped again, so it keeps the complete URL.
        $Error[0].TargetObject.Query | Should -Be "?X-Amz-Signature=$word"
    }
}

Describe 'A control character in a prompt or an error' {
    It 'does not reach the terminal' {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0
        try {
            $escape, $override = [char]27, [char]0x202E
            $shown = & {
                $ErrorActionPreference = 'Continue'
                $job = New-BananaImage "a${escape}[2Jb${override}c" | Wait-BananaJob
                $job
                $job | Format-List
                New-BananaImage "x${escape}[2J" -Resolution "9${escape}[2J"
                $Error[0].Exception.Message
                New-BananaImage "x${escape}[2J" -WhatIf
            } *>&1 | Out-String -Width 300

            $shown | Should -BeLike '*a`[2Jbc*'
            $shown -replace "$escape\[[0-9;]*m" | Should -Not -Match "[$escape$override]"
        }
        finally {
            $emulator | Stop-BananaEmulator
        }
    }
}
