# Runs the tests that users copy for their own tests, in each supported version of Pester.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $versions = $Pesters | ForEach-Object { @{ Pester = $_ } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $modulePath = $env:PSModulePath
    $env:PSModulePath = (Split-Path $StagedModule) + [System.IO.Path]::PathSeparator + $modulePath

    $text = Get-Content "$RepositoryRoot/docs/about/about_Banana_Testing.md" -Raw
    $code = [regex]::Match($text, '(?ms)^```powershell\r?\n(Set-Content \./make-kites\.ps1.*?)^```').Groups[1].Value
    Push-Location $TestDrive
    try {
        & ([scriptblock]::Create($code))
    }
    finally {
        Pop-Location
    }

    # Each Pester runs both files in one process, because starting a process and a Pester takes longer than the tests.
    $runbook, $pattern = @{}, @{}
    foreach ($pester in $Pesters) {
        $runbook[$pester.Name], $pattern[$pester.Name] =
            Invoke-FreshPester $pester "$RepositoryRoot/samples/Recipes/NightlyRunbook.Tests.ps1", "$TestDrive/make-kites.Tests.ps1"
    }
}

AfterAll {
    $env:PSModulePath = $modulePath
}

Describe 'samples/Recipes/NightlyRunbook.ps1' {
    It 'passes its own tests in Pester <Pester.Name>: samples/Recipes/NightlyRunbook.Tests.ps1' -ForEach $versions {
        $runbook[$Pester.Name] | Should -Match '^Passed, [1-9]'
    }
}

Describe 'The pattern in about_Banana_Testing' {
    It 'passes in Pester <Pester.Name>' -ForEach $versions {
        $pattern[$Pester.Name] | Should -Match '^Passed, [1-9]'
    }
}
