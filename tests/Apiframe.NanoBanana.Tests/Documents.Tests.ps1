BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    # Lines that build or import the repository itself are not run, because these tests are part of that build.
    $aboutTheRepository = '^(Import-Module )?\./(build\.ps1|out/)'

    $blocks = @(foreach ($file in 'README.md', 'docs/about/*.md', 'docs/errors.md' | ForEach-Object { Get-Item (Join-Path $RepositoryRoot $_) }) {
        $text = Get-Content $file -Raw
        foreach ($match in [regex]::Matches($text, '(?ms)^```powershell\r?\n(.*?)^```')) {
            $line = ($text.Substring(0, $match.Index) -split "`n").Count
            $code = ($match.Groups[1].Value -split '\r?\n' -notmatch $aboutTheRepository) -join "`n"
            if ($code.Trim()) { @{ File = $file.Name; Line = $line; Code = $code } }
        }
    })
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
}

Describe 'An example in the documentation runs as written' {
    It '<File>, line <Line>' -ForEach $blocks {
        Invoke-DocumentedLine $Code | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
    }
}
