BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
}

Describe 'The whole pipeline under all faults at once' {
    It 'makes one file and one bill of each of 200 prompts' {
        $result = & (Join-Path $RepositoryRoot 'tests/Soak/Soak.ps1') -Module $StagedModule -Prompts 200
        $result | Format-List | Out-String | Write-Host
        $result.Files | Should -Be 200
        $result.Billed | Should -Be 200
        $result.Faults | Should -BeGreaterThan 50
    }
}
