BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $commonParameters = [System.Management.Automation.Cmdlet]::CommonParameters
    # Reading help takes long, so it is read once for each cmdlet.
    $cmdlets = @(Get-Command -Module Apiframe.NanoBanana | ForEach-Object { @{ Cmdlet = $_.Name; Help = Get-Help $_.Name -Full } })
    $visibleParameters = @(foreach ($cmdlet in $cmdlets) {
        (Get-Command $cmdlet.Cmdlet).Parameters.Values | Where-Object { $_.Name -notin $commonParameters -and $_.Attributes.DontShow -notcontains $true } | ForEach-Object {
            $name = $_.Name
            @{ Cmdlet = $cmdlet.Cmdlet; Parameter = $name; Help = $cmdlet.Help.parameters.parameter | Where-Object name -EQ $name }
        }
    })
    $examples = @(foreach ($cmdlet in $cmdlets) {
        $cmdlet.Help.examples.example | ForEach-Object { @{ Cmdlet = $cmdlet.Cmdlet; Title = $_.title.Trim('- '); Code = $_.code } }
    })
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $pages = Join-Path $RepositoryRoot 'docs/cmdlets'
    $projectUri = (Import-PowerShellDataFile (Join-Path $RepositoryRoot 'Apiframe.NanoBanana.psd1')).PrivateData.PSData.ProjectUri

    function Read-Text($Paragraphs) {
        ($Paragraphs | ForEach-Object Text) -join "`n"
    }
}

Describe 'The help of the module' {
    It 'has a page for every cmdlet and no other' {
        (Get-ChildItem $pages).BaseName | Sort-Object | Should -Be ((Get-Command -Module Apiframe.NanoBanana).Name | Sort-Object)
    }

    It 'has a topic that PowerShell finds and shows with its synopsis: <_>' -ForEach 'about_Apiframe.NanoBanana', 'about_Banana_Reliability', 'about_Banana_Testing' {
        $topic = Invoke-FreshPowerShell "Get-Help $_ | Out-String -Width 80"
        $topic | Should -Contain "    $_"
        $topic | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        (Get-Help "$_*").Synopsis | Should -BeExactly $topic[[array]::IndexOf($topic, 'SHORT DESCRIPTION') + 1].Trim()
    }

    It 'is staged where PowerShell looks for it' {
        Join-Path $StagedFolder 'en-US/Apiframe.NanoBanana.dll-Help.xml' | Should -Exist
    }
}

Describe 'The help of <Cmdlet>' -ForEach $cmdlets {
    BeforeAll {
        $command = Get-Command $Cmdlet
        $page = Get-Content (Join-Path $pages "$Cmdlet.md") -Raw
    }

    It 'has a synopsis, a description, inputs, outputs and notes' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -Match "^\s*$Cmdlet"
        Read-Text $help.description | Should -Not -BeNullOrEmpty
        $help.inputTypes.inputType.type.name | Should -Not -BeNullOrEmpty
        $help.returnValues.returnValue.type.name | Should -Not -BeNullOrEmpty
        Read-Text $help.alertSet.alert | Should -Not -BeNullOrEmpty
    }

    It 'has examples, each with an explanation' {
        $help.examples.example | Should -Not -BeNullOrEmpty
        foreach ($example in $help.examples.example) {
            $example.code | Should -Not -BeNullOrEmpty
            Read-Text $example.remarks | Should -Not -BeNullOrEmpty
        }
    }

    It 'names the outputs that the cmdlet declares' {
        $declared = $command.OutputType.Name | ForEach-Object { if ($_ -eq 'System.Void') { 'None' } else { $_ } }
        $help.returnValues.returnValue.type.name | Should -Be $declared
    }

    It 'links to cmdlets that exist' {
        $cmdlets = $help.relatedLinks.navigationLink | Where-Object { -not $_.uri } | ForEach-Object linkText
        $cmdlets | Should -Not -BeNullOrEmpty
        $cmdlets | Where-Object { -not (Get-Command $_ -ErrorAction Ignore) } | Should -BeNullOrEmpty
    }

    It 'opens its page in the repository with -Online' {
        # Get-Help -Online opens the URL in HelpUri.
        $command.HelpUri | Should -BeExactly "$projectUri/blob/main/docs/cmdlets/$Cmdlet.md"
        Join-Path $RepositoryRoot $command.HelpUri.Substring("$projectUri/blob/main/".Length) | Should -Exist
    }

    It 'states the default values in the code' {
        $fresh = [Activator]::CreateInstance($command.ImplementingType)
        foreach ($parameter in $help.parameters.parameter) {
            $property = $command.ImplementingType.GetProperty($parameter.name)
            $value = if ($property) { $property.GetValue($fresh) }
            # Only numbers, switches, and strings are compared. The earliest date stands for any time, and the largest number for no limit.
            # The page describes other defaults in words.
            if (($value -is [ValueType] -and "$value" -notin [int]::MaxValue, 0, [datetime]::MinValue) -or ($value -is [string] -and $value)) {
                # A default such as 10MB is evaluated to a number.
                $told = if ($value -is [long] -or $value -is [int]) { Invoke-Expression $parameter.defaultValue } else { $parameter.defaultValue }
                "$told" | Should -Be "$value" -Because $parameter.name
            }
        }
    }

    It 'documents no parameter that is hidden or does not exist' {
        $help.parameters.parameter.name | Where-Object { $_ -and -not $command.Parameters.ContainsKey($_) } | Should -BeNullOrEmpty
        $help.parameters.parameter.name | Where-Object { $_ -and $command.Parameters[$_].Attributes.DontShow -contains $true } | Should -BeNullOrEmpty
    }

    It 'shows the syntax of every parameter set' {
        $hidden = $command.Parameters.Values | Where-Object { $_.Attributes.DontShow -contains $true } | ForEach-Object Name
        foreach ($set in $command.ParameterSets) {
            $line = "$Cmdlet $set"
            foreach ($name in $hidden) { $line = $line -replace " \[-$name <\w+>\]" }
            ($page -replace '\s+', ' ').Contains($line) | Should -BeTrue -Because "the syntax is $line"
        }
    }

    It 'contains no placeholders, and does not mention ProgressAction' {
        $page | Should -Not -Match '\{\{'
        $page | Should -Not -Match 'ProgressAction'
    }
}

Describe 'The help of <Cmdlet> -<Parameter>' -ForEach $visibleParameters {
    It 'agrees with the code' {
        $metadata = (Get-Command $Cmdlet).Parameters[$Parameter]
        $attribute = $metadata.Attributes | Where-Object { $_ -is [Parameter] } | Select-Object -First 1

        $text = Read-Text $help.description
        $text | Should -Not -BeNullOrEmpty
        foreach ($value in ($metadata.Attributes | Where-Object { $_ -is [ValidateSet] }).ValidValues) {
            $text | Should -BeLike "*$value*"
        }

        $help.type.name | Should -Be $metadata.ParameterType.Name
        $help.aliases | Should -Be $(if ($metadata.Aliases) { $metadata.Aliases -join ', ' } else { 'none' })
        $help.required | Should -Be "$($attribute.Mandatory)"
        $help.position | Should -Be $(if ($attribute.Position -ge 0) { $attribute.Position } else { 'named' })
        $help.globbing | Should -Be "$(@($metadata.Attributes | Where-Object { $_ -is [SupportsWildcards] }).Count -gt 0)"

        $ways = @(if ($attribute.ValueFromPipelineByPropertyName) { 'ByPropertyName' }; if ($attribute.ValueFromPipeline) { 'ByValue' })
        $help.pipelineInput | Should -Be $(if ($ways) { "True ($($ways -join ', '))" } else { 'False' })
    }
}

Describe 'An example runs as written' {
    It '<Cmdlet>, <Title>' -ForEach $examples {
        Invoke-DocumentedLine $Code | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
    }
}
