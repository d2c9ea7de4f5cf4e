# Runs the tests that users copy for their own tests, in each supported version of Pester.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $versions = $Pesters | ForEach-Object { @{ Pester = $_ } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $modulePath = $env:PSModulePath
    $env:PSModulePath = (Split-Path $StagedModule) + [System.IO.Path]::PathSeparator + $modulePath
}

AfterAll {
    $env:PSModulePath = $modulePath
}

Describe 'samples/Recipes/NightlyRunbook.ps1' {
    It 'passes its own tests in Pester <Pester.Name>: samples/Recipes/NightlyRunbook.Tests.ps1' -ForEach $versions {
        Invoke-FreshPester $Pester "$RepositoryRoot/samples/Recipes/NightlyRunbook.Tests.ps1"
    }
}

Describe 'The pattern in about_Banana_Testing' {
    It 'passes in Pester <Pester.Name>' -ForEach $versions {
        $text = Get-Content "$RepositoryRoot/docs/about/about_Banana_Testing.md" -Raw
        $code = [regex]::Match($text, '(?ms)^```powershell\r?\n(Set-Content \./make-kites\.ps1.*?)^```').Groups[1].Value
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Push-Location $folder
        try {
            & ([scriptblock]::Create($code))
        }
        finally {
            Pop-Location
        }

        Invoke-FreshPester $Pester "$folder/make-kites.Tests.ps1"
    }
}
