BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
}

Describe 'A child PowerShell' {
    It 'is started as <Expected> from the process <ProcessPath>' -ForEach @(
        @{ ProcessPath = '/opt/microsoft/powershell/7/pwsh'; Expected = '/opt/microsoft/powershell/7/pwsh' }
        @{ ProcessPath = '/home/ops/.dotnet/tools/pwsh'; Expected = '/home/ops/.dotnet/tools/pwsh' }
        @{ ProcessPath = '/usr/share/dotnet/dotnet'; Expected = '/usr/share/dotnet/dotnet', (Join-Path '/home' 'pwsh.dll') }
        @{ ProcessPath = '/dotnet/dotnet.exe'; Expected = '/dotnet/dotnet.exe', (Join-Path '/home' 'pwsh.dll') }
    ) {
        Get-PowerShellCommand -ProcessPath $ProcessPath -Folder '/home' | Should -Be $Expected
    }

    It 'receives its arguments unchanged, has the version of its parent, and returns its exit code' {
        $script = Join-Path $TestDrive 'a script.ps1'
        Set-Content $script 'param($Text) "$Text in $($PSVersionTable.PSVersion)"; exit 3'
        Invoke-PowerShell -File $script -Text 'two words' | Should -Be "two words in $($PSVersionTable.PSVersion)"
        $LASTEXITCODE | Should -Be 3

        Start-PowerShell '-File', $script, '-Text', 'two words' -Output "$TestDrive/output" -ErrorOutput "$TestDrive/errors" | Wait-PowerShell | Should -Be 3
        Get-Content "$TestDrive/output" | Should -Be "two words in $($PSVersionTable.PSVersion)"
    }
}

Describe './build.sh' {
    BeforeEach {
        if ($OnWindows) { Set-ItResult -Skipped -Because 'Windows has no bash of its own' }
    }

    BeforeAll {
        function Invoke-BuildScript([string] $Path) {
            $env:PATH, $kept = $Path, $env:PATH
            try {
                & /bin/bash "$RepositoryRoot/build.sh" Nonsense 2>&1 | ForEach-Object { "$_" }
            }
            finally {
                $env:PATH = $kept
            }
        }

        # Creates a folder for PATH with the tools that build.sh uses and the given programs only.
        function New-Path([hashtable] $Programs) {
            $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
            foreach ($tool in 'dirname', 'cat') { New-Item -ItemType SymbolicLink "$folder/$tool" -Value (Get-Command $tool -CommandType Application)[0].Source | Out-Null }
            foreach ($name in $Programs.Keys) {
                Set-Content "$folder/$name" "#!/bin/sh`n$($Programs[$name])"
                chmod +x "$folder/$name"
            }
            "$folder"
        }
    }

    It 'passes its arguments to the pwsh on PATH' {
        Invoke-BuildScript (New-Path @{ dotnet = 'exit 1'; pwsh = 'case "$*" in *-File*) echo "pwsh $*";; esac' }) |
            Should -Be 'pwsh -NoProfile -NonInteractive -File ./build.ps1 Nonsense'
    }

    It 'restores the pinned PowerShell if PATH has none or an older version' {
        Invoke-BuildScript (New-Path @{ dotnet = 'echo "dotnet $*"' }) | Should -Be 'dotnet pwsh -NoProfile -NonInteractive -File ./build.ps1 Nonsense'
        Invoke-BuildScript (New-Path @{ dotnet = 'echo "dotnet $*"'; pwsh = 'exit 1' }) | Should -Be 'dotnet pwsh -NoProfile -NonInteractive -File ./build.ps1 Nonsense'
    }

    It 'says what to do if PowerShell cannot be restored or the .NET SDK is not on PATH' {
        $lines = Invoke-BuildScript (New-Path @{ dotnet = 'echo "no registry"; exit 1' })
        $LASTEXITCODE | Should -Be 1
        "$lines" | Should -BeLike 'build.sh: PowerShell 7.4 or later is not on PATH*no registry*install PowerShell*'
        "$(Invoke-BuildScript (New-Path @{}))" | Should -BeLike '*dotnet is not on PATH*'
        $LASTEXITCODE | Should -Be 1
    }
}
