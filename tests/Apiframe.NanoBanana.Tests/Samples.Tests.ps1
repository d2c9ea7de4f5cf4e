BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    # The files that users run or copy, without the output of a build.
    $samples = Get-ChildItem "$root/samples" -Recurse -File -Include *.ps1, *.yml, *.cs |
        ForEach-Object { $_.FullName.Substring($root.Length + 1).Replace('\', '/') } |
        Where-Object { $_ -notmatch '/(bin|obj)/' }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
}

Describe 'The samples' {
    It '<_> has a test and a line in samples/README.md' -ForEach $samples {
        # A test names the sample that it runs.
        Select-String "$PSScriptRoot/Samples*.Tests.ps1" -SimpleMatch -Pattern "Describe '$_'", ": $_'" | Should -Not -BeNullOrEmpty
        $link = $_ -replace '^samples/'
        Select-String "$RepositoryRoot/samples/README.md" -SimpleMatch -Pattern "]($link)" | Should -Not -BeNullOrEmpty
    }

    It 'include every file that samples/README.md links to' {
        $links = Get-Content "$RepositoryRoot/samples/README.md" -Raw | Select-String '\]\(([^)#:]+)\)' -AllMatches | ForEach-Object Matches
        $links.Count | Should -BeGreaterThan 10
        $links | ForEach-Object { Join-Path "$RepositoryRoot/samples" $_.Groups[1].Value } | Where-Object { -not (Test-Path $_) } | Should -BeNullOrEmpty
    }

    It '<_> has a synopsis and a description' -ForEach ($samples -like '*/*-*.ps1' -notlike '*.Tests.ps1') {
        $help = Get-Help (Join-Path $RepositoryRoot $_)
        $help.Synopsis | Should -Match '\.$'
        $help.Description | Should -Not -BeNullOrEmpty
    }
}

Describe 'samples/Demo.ps1' {
    It 'makes three images and shows them' {
        $lines = Invoke-FreshPowerShell "& '$RepositoryRoot/samples/Demo.ps1' -Module '$StagedModule' -Path '$TestDrive/demo'"
        Get-ChildItem "$TestDrive/demo" | Should -HaveCount 3
        $lines -match 'COMPLETED' | Should -HaveCount 3
    }
}

Describe 'samples/BatchToFiles/Program.cs' {
    It 'makes three images without PowerShell' {
        $program = Get-ChildItem "$RepositoryRoot/samples/BatchToFiles/bin" -Recurse -Filter BatchToFiles.dll | Sort-Object LastWriteTime | Select-Object -Last 1
        $lines = dotnet $program.FullName "$TestDrive/batch"
        $LASTEXITCODE | Should -Be 0 -Because "$lines"
        Get-ChildItem "$TestDrive/batch" | Should -HaveCount 3
        $lines[-1] | Should -BeLike 'The emulator: * 3 images billed *'
    }
}
