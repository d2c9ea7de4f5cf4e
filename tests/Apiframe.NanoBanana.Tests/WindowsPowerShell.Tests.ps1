# Windows PowerShell 5.1 does not run on Linux and macOS, so these tests analyze its scripts instead. On Windows, the workflow runs them.

BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $scripts = @(
        Get-ChildItem $PSScriptRoot -File | Where-Object { $_.Extension -in '.ps1', '.psm1' -and $_.Name -ne 'WindowsPowerShell.psm1' }
        Get-Item "$root/tools/ChildPowerShell.psm1", "$root/tests/Soak/Soak.ps1"
        Get-ChildItem "$root/samples" -Recurse -File -Include *.ps1 | Where-Object { -not (Select-String -LiteralPath $_.FullName '^#requires -Version 7' -Quiet) }
    ) | ForEach-Object { $_.FullName.Substring($root.Length + 1).Replace('\', '/') }

    $documents = @(Get-Item "$root/README.md", "$root/docs/errors.md") + @(Get-ChildItem "$root/docs/about", "$root/docs/cmdlets", "$root/samples" -Recurse -File -Include *.md) |
        ForEach-Object { $_.FullName.Substring($root.Length + 1).Replace('\', '/') }
    $cmdlets = Get-Content "$PSScriptRoot/WindowsPowerShellCmdlets.txt" | Where-Object { $_ -and $_ -notmatch '^#' } |
        ForEach-Object { $name, $parameters = -split $_; @{ Name = $name; Parameters = @($parameters) } }
}

Describe 'Windows PowerShell 5.1' -Tag 'PowerShell 7: a parser that knows the syntax of both' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
        Import-Module (Join-Path $PSScriptRoot 'WindowsPowerShell.psm1') -Force
        Import-Module $StagedModule -Force
        Get-ChildItem $StagedFolder -Filter Apiframe.*.dll | ForEach-Object { Add-Type -Path $_.FullName }
        # Get-Secret and Start-ThreadJob are in modules that users install, and Invoke-ScriptAnalyzer in one that the tests do without.
        $commands = @((Get-Command -Module Apiframe.NanoBanana, ChildPowerShell, Pester, Shared).Name) + 'Get-Secret', 'Invoke-ScriptAnalyzer', 'New-ModulePackage', 'Start-ThreadJob'
    }

    It 'supports everything that <_> uses' -ForEach $scripts {
        $text = [System.IO.File]::ReadAllText((Join-Path $RepositoryRoot $_))
        Find-WindowsPowerShellProblem $text -Command $commands | Should -BeNullOrEmpty
    }

    It 'reads <_> correctly, because it has a byte order mark if it contains non-ASCII characters' -ForEach $scripts {
        $file = Join-Path $RepositoryRoot $_
        if ([System.IO.File]::ReadAllText($file) -match '[^\x00-\x7F]') { [System.IO.File]::ReadAllBytes($file)[0..2] | Should -Be 0xEF, 0xBB, 0xBF }
    }

    It 'can run every PowerShell example in <_>' -ForEach $documents {
        foreach ($block in [regex]::Matches([System.IO.File]::ReadAllText((Join-Path $RepositoryRoot $_)), '(?ms)^```powershell\r?\n(.*?)^```')) {
            $code = $block.Groups[1].Value
            Find-WindowsPowerShellProblem $code -Command $commands | Should -BeNullOrEmpty -Because $code
        }
    }
}

Describe 'Find-WindowsPowerShellProblem' -Tag 'PowerShell 7: a parser that knows the syntax of both' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'WindowsPowerShell.psm1') -Force
    }

    It 'finds <_>' -ForEach @(
        '$a ?? 1', '$a ??= 1', '${a}?.Length', '${a}?[0]', '$a ? 1 : 2', 'Get-Item x && Get-Item y', 'Get-Item x &', "Get-Item x`n| Out-Null", '"`e[0m"', '"`u{41}"', '1uy', '0b11',
        "'a'..'c'", "'a' -replace 'a', { 1 }", 'function A { clean { 1 } }'
        'if ($IsWindows) { 1 }', '$PSStyle.OutputRendering', 'pwsh -File x.ps1'
        'Get-Error', 'Join-Path a b c', '1..3 | ForEach-Object -Parallel { 1 }', "'{}' | ConvertFrom-Json -AsHashtable", 'Get-Content x -AsByteStream', 'Set-Content x y -Encoding utf8NoBOM'
        "Set-Content x '$([char]0xE9)'", 'ConvertTo-SecureString x -AsPlainText', "Add-Type 'public class A { }'"
        '[System.Text.Json.JsonDocument]::Parse("{}")', '[semver] "1.0"', '[System.Net.Http.HttpClient]::new()', '[System.Convert]::ToHexString($bytes)', '[System.Environment]::ProcessPath'
        "[System.IO.Path]::GetRelativePath('a', 'b')", 'param([System.Diagnostics.Process] $One) $One.Kill($true)', '[System.Diagnostics.ProcessStartInfo]::new().ArgumentList', '$any.GetValueOrDefault(1, 2, 3)'
        '"a, b".Split(", ")', "Invoke-FreshPowerShell 'Get-Item x; `$a ?? 1'"
    ) {
        Find-WindowsPowerShellProblem $_ -Command 'Invoke-FreshPowerShell' | Should -HaveCount 1
    }

    It 'ignores unsupported members in a test for PowerShell 7 only, but not unsupported syntax' {
        Find-WindowsPowerShellProblem "It 'x' -Tag 'PowerShell 7: hashes' { [System.Convert]::ToHexString(`$bytes) }" | Should -BeNullOrEmpty
        Find-WindowsPowerShellProblem "Describe 'x' -Tag 'PowerShell 7: hashes' { It 'y' { `$a ?? `$IsWindows } }" | Should -Be 'line 1: the operator ??'
    }

    It 'finds nothing in <_>' -ForEach @(
        '$a = if ($b) { $b } else { 1 }', '"a" -replace "a", "b"', "Set-Content x '$([char]0xE9)' -Encoding UTF8", '(Get-Process -Id $PID).Kill()', '[regex]::Matches("a", "b").Value'
        'param([System.Diagnostics.Process] $One) $One.WaitForExit(1); $One.Id', 'Add-Type -AssemblyName System.Net.Http; [System.Net.Http.HttpClient]::new()', '[byte[]]::new(3)', '"a".Split(",")'
    ) {
        Find-WindowsPowerShellProblem $_ -Command 'Get-Process' | Should -BeNullOrEmpty
    }
}

Describe 'WindowsPowerShellCmdlets.txt' {
    It 'lists for <Name> only parameters that this PowerShell has' -ForEach $cmdlets {
        $has = (Get-Command $Name).Parameters.Keys
        $Parameters | Where-Object { $_ -notin $has } | Should -BeNullOrEmpty
    }
}
