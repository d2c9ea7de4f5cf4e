BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $sample = Join-Path $RepositoryRoot 'samples/GitHubActions'
    $workflow = Get-Content "$sample/images.yml"
    $machines = ($workflow -match '^\s+machine: \[').Split(',').Count

    # A repository that is set up as the README describes.
    $repository = Join-Path $TestDrive 'repository'
    New-Item "$repository/.github/workflows", "$repository/.github/scripts", "$repository/modules" -ItemType Directory | Out-Null
    Copy-Item "$sample/images.yml" "$repository/.github/workflows"
    Copy-Item "$sample/Save-ImageShare.ps1" "$repository/.github/scripts"
    Copy-Item $StagedModule "$repository/modules" -Recurse
    @'
Prompt,Resolution
a kite,512px
a lighthouse,
a lighthouse,
a harbour,
a café,
a lighthouse,512px
'@ | Set-Content "$repository/prompts.csv" -Encoding UTF8

    function Get-Step {
        <#
        .SYNOPSIS
            Returns the steps of the workflow that run a script, with their environment. Reads only the YAML of this file.
        #>
        $indent = $null
        foreach ($line in $workflow) {
            if ($line -match '^      - ') { $step = @{ Environment = [ordered]@{}; Script = @() }; $indent = $null; $step }
            if ($line -match '^( +)run: \|') { $indent = $Matches[1] + '  ' }
            elseif ($indent -and $line.StartsWith($indent)) { $step.Script += $line.Substring($indent.Length) }
            elseif ($line -cmatch '^          ([A-Z_]+): (.+)') { $step.Environment[$Matches[1]] = $Matches[2] }
        }
    }

    function Start-Machine([int] $Index, [int] $Of, [string] $RunId = '1001') {
        $expressions = @{
            'secrets.APIFRAME_API_KEY' = '$env:APIFRAME_API_KEY'; 'strategy.job-index' = $Index; 'strategy.job-total' = $Of
            'github.repository' = 'owner/pictures'; 'github.run_id' = $RunId
        }
        $place = Join-Path $TestDrive "machine-$([guid]::NewGuid())"
        Copy-Item $repository $place -Recurse
        # Works like a runner: each script stops at the first error, its exit code is that of the step, and GITHUB_ENV applies to the later steps.
        $script = @("Set-Location '$place'", "`$env:GITHUB_ENV = '$place/environment'")
        foreach ($step in @(Get-Step) | Where-Object { $_.Script }) {
            $step.Environment.Keys | ForEach-Object {
                $value = [regex]::Replace($step.Environment[$_], '\$\{\{ (.+?) \}\}', { param($Match) if ($expressions.ContainsKey($Match.Groups[1].Value)) { $expressions[$Match.Groups[1].Value] } else { "UNKNOWN $Match" } })
                $script += "`$env:$_ = `"$value`""
            }
            $script += "`$ErrorActionPreference = 'Stop'"
            $script += $step.Script
            $script += 'if ($LASTEXITCODE) { exit $LASTEXITCODE }'
            $script += "Get-Content '$place/environment' | ForEach-Object { Set-Item ('env:' + `$_.Split('=', 2)[0]) `$_.Split('=', 2)[1] }"
        }
        Set-Content "$place/run.ps1" $script
        [pscustomobject]@{ Folder = $place; Process = Start-PowerShell '-File', "$place/run.ps1" -Output "$place/output" -ErrorOutput "$place/errors" }
    }

    function Wait-Machine {
        param([Parameter(ValueFromPipeline)] $Machine)

        process {
            $exitCode = $Machine.Process | Wait-PowerShell
            $exitCode | Should -Be 0 -Because (Get-Content "$($Machine.Folder)/output", "$($Machine.Folder)/errors" -Raw)
            Get-ChildItem "$($Machine.Folder)/images"
        }
    }
}

Describe 'samples/GitHubActions/images.yml' {
    BeforeEach {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.2
    }

    AfterEach {
        $emulator | Stop-BananaEmulator
    }

    It 'makes each image once on machines that run at the same time, and bills nothing when a machine runs again' {
        $machines | Should -BeGreaterThan 1
        $running = 0..($machines - 1) | ForEach-Object { Start-Machine $_ -Of $machines }
        $files = $running | Wait-Machine
        $files.Name | Sort-Object -Unique | Should -HaveCount 6
        $files | Should -HaveCount 6
        $emulator.Counts | ForEach-Object { "$($_.ImagesBilled) $($_.Replays)" } | Should -Be '6 0'

        $again = Start-Machine 1 -Of $machines | Wait-Machine
        $again.Name | Should -BeIn $files.Name
        $emulator.Counts.ImagesBilled | Should -Be 6
        $emulator.Counts.Replays | Should -Be @($again).Count
    }
}

Describe 'samples/GitHubActions/Save-ImageShare.ps1' {
    BeforeAll {
        function Save-Share([int] $Share, [int] $Of, [string] $Scope = 'a', [string] $CsvPath = "$repository/prompts.csv") {
            & "$sample/Save-ImageShare.ps1" -CsvPath $CsvPath -Path $images -Scope $Scope -Share $Share -Shares $Of 2> $null | Out-Null
            $LASTEXITCODE
        }
    }

    BeforeEach {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0
        $images = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach {
        $emulator | Stop-BananaEmulator
    }

    It 'pays for no image again when the number of machines changes, and for every image under another scope' {
        0..2 | ForEach-Object { Save-Share $_ -Of 3 } | Should -Be 0, 0, 0
        0..1 | ForEach-Object { Save-Share $_ -Of 2 } | Should -Be 0, 0
        Get-ChildItem $images | Should -HaveCount 6
        $emulator.Counts | ForEach-Object { "$($_.ImagesBilled) $($_.Replays)" } | Should -Be '6 6'
        Save-Share 0 -Of 1 -Scope 'b' | Should -Be 0
        $emulator.Counts.ImagesBilled | Should -Be 12
    }

    It 'makes the rest of a share and fails if one of its prompts is rejected, and succeeds for a share without prompts' {
        Set-Content "$TestDrive/one-bad.csv" 'Prompt,Resolution', 'a kite,9K', 'a lighthouse,'
        Save-Share 0 -Of 1 -CsvPath "$TestDrive/one-bad.csv" | Should -Be 1
        Get-ChildItem $images | Should -HaveCount 1
        Save-Share 4 -Of 5 -CsvPath "$TestDrive/one-bad.csv" | Should -Be 0
    }
}
