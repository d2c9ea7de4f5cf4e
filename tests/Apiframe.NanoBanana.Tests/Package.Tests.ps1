BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module (Join-Path $RepositoryRoot 'tools/ModulePackage.psm1') -Force
    # build.ps1 keeps the package beside the module that it has installed from it.
    $package = if ($env:APIFRAME_TESTED_MODULE) { Get-Item (Join-Path $StagedModule '../../package/*.nupkg') }
    else { New-ModulePackage -Module $StagedFolder -Destination "$TestDrive/package" }
    $source = (Import-PowerShellDataFile (Join-Path $RepositoryRoot 'Apiframe.NanoBanana.psd1'))
}

Describe 'The package' {
    It 'is named after its version and prerelease label' {
        $package.Name | Should -Be "Apiframe.NanoBanana.$($source.ModuleVersion)$(if ($source.PrivateData.PSData.Prerelease) { '-' + $source.PrivateData.PSData.Prerelease }).nupkg"
    }

    It 'names each library that it ships, with its version and license' {
        $notices = Get-Content (Join-Path $StagedFolder 'THIRD-PARTY-NOTICES.txt') -Raw
        $libraries = @(Get-ChildItem (Join-Path $StagedFolder 'desktop') -Filter *.dll)
        $libraries | Should -HaveCount 8
        foreach ($library in $libraries) { $notices | Should -Match "(?m)^    $([regex]::Escape($library.Name)): $([regex]::Escape($library.BaseName)) \d+\.\d+\.\d+\r?$" }
        $notices | Should -Match 'Permission is hereby granted'
        $notices | Should -Not -Match '\{'
    }
}

Describe 'A PowerShell that has only the package' -Tag 'PowerShell 7: PSResourceGet' {
    BeforeAll {
        # A separate home folder contains the list of repositories and the modules of the user.
        if ($OnWindows) { return }
        New-Item "$TestDrive/home" -ItemType Directory | Out-Null
        Set-Content "$TestDrive/install.ps1" @"
            `$PSStyle.OutputRendering = 'PlainText'
            Register-PSResourceRepository banana -Uri '$($package.DirectoryName)' -Trusted
            'Found: ' + (Find-PSResource -CommandName New-BananaImage -Repository banana -Prerelease).ParentResource.Name
            Install-PSResource Apiframe.NanoBanana -Repository banana -Prerelease
            Import-Module Apiframe.NanoBanana
            `$module = Get-Module Apiframe.NanoBanana
            'Base: ' + `$module.ModuleBase
            'Data: ' + (`$module | Select-Object Version, ProjectUri, LicenseUri, IconUri, ReleaseNotes, Tags, PrivateData | ConvertTo-Json -Compress -Depth 5)
            Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 | Out-Null
            Set-Location '$TestDrive'
            'a kite', 'a lighthouse' | New-BananaImage -Resolution 512px -OutputFormat png | Wait-BananaJob | Save-BananaImage -Path ./kites | ForEach-Object { "Saved: `$(`$_.Name)" }
            Stop-BananaEmulator
            Uninstall-PSResource Apiframe.NanoBanana -Prerelease
            'Left: ' + (Test-Path `$module.ModuleBase)
"@
        $before, $env:HOME = $env:HOME, "$TestDrive/home"
        try { $lines = @(Invoke-PowerShell -File "$TestDrive/install.ps1" 2>&1 | ForEach-Object { "$_" }) }
        finally { $env:HOME = $before }
        $data = $lines -match '^Data: ' -replace '^Data: ' | ConvertFrom-Json
    }

    BeforeEach {
        if ($OnWindows) { Set-ItResult -Skipped -Because 'a home folder of its own cannot be given to a PowerShell on Windows' }
    }

    It 'finds the module by one of its cmdlets' {
        $lines | Should -Contain 'Found: Apiframe.NanoBanana'
    }

    It 'installs the module for the user and imports it by name' {
        $lines | Should -Contain "Base: $TestDrive/home/.local/share/powershell/Modules/Apiframe.NanoBanana/$($source.ModuleVersion)"
    }

    It 'makes images with the module' {
        $lines -match '^Saved: a-(kite|lighthouse)-.*\.png$' | Should -HaveCount 2
        Get-ChildItem "$TestDrive/kites" | Should -HaveCount 2
    }

    It 'shows the URLs of the project, its license, and its icon' {
        $project = $source.PrivateData.PSData.ProjectUri
        $data.ProjectUri, $data.LicenseUri, $data.IconUri | Should -Be $project, "$project/blob/main/LICENSE", "$project/raw/main/docs/images/icon.png"
        Join-Path $RepositoryRoot 'docs/images/icon.png' | Should -Exist
    }

    It 'shows the release notes of this version' {
        $data.ReleaseNotes | Should -Match 'New-BananaImage'
        $data.ReleaseNotes | Should -Not -Match '(?m)^## '
    }

    It 'uninstalls the module although it is loaded' {
        $lines | Should -Contain 'Left: False'
    }
}
