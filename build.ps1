<#
.SYNOPSIS
    Builds, tests, demonstrates, packages, and cleans Apiframe.NanoBanana.
.DESCRIPTION
    Build    compiles everything and stages the module in out/Apiframe.NanoBanana/<version>
    Test     ring 1: the client and the emulator (xunit). Ring 2: the module in a new PowerShell, installed from its package (Pester).
             Ring 3: the client on .NET Framework, on Windows or under Mono
    Demo     creates images from prompts on the emulator, and saves them in out/demo
    Simulate runs the client in thousands of simulated histories in which networks, disks, and processes fail (see docs/testing.md)
    Fuzz     tests damaged responses, webhooks, journals, metadata files, and cells. -Cases is the number of each
    Mutate   changes the client in one place at a time, and shows for each file how many of the changes make a test of the client fail (see docs/testing.md)
    Soak     creates many images on an emulator with all faults, and checks that each prompt has one file and one bill
    Bench    compares this module with other ways to create images, on the emulator (see docs/performance.md)
    Package  writes to out/package: the package that is published, a zip of the same files, its bill of materials, and their checksums
    Verify   builds two clones of the last commit in two folders, and compares every byte that they would ship. With -Package, also compares a package
    Clean    removes out, bin, and obj
.EXAMPLE
    ./build.ps1 Test
.EXAMPLE
    ./build.ps1 Test -PowerShell powershell.exe
    Runs the module's own tests in Windows PowerShell 5.1.
.EXAMPLE
    ./build.ps1 Simulate -Seeds 100000
.EXAMPLE
    ./build.ps1 Simulate -Seed 918
    Shows the events of one history, line by line.
#>
#requires -Version 7.4
[CmdletBinding()]
[System.Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'The functions use them.')]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Simulate', 'Fuzz', 'Mutate', 'Soak', 'Bench', 'Package', 'Verify', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # For Soak: the number of prompts.
    [int] $Prompts = 5000,

    # For Soak and Simulate: the seed of the faults.
    [int] $Seed = 1,

    # For Simulate: the number of histories. If only a seed is specified, the history of that seed is shown.
    [int] $Seeds = 2000,

    # For Fuzz: the number of cases for each rule.
    [int] $Cases = 200000,

    # For Mutate: one file, such as Retry/RetryPolicy.cs. For Bench: one part, such as Fleet or Import. tests/Benchmarks/Compare.ps1 lists the parts.
    [string] $Part,

    # For Test and Verify: a package (.nupkg) that was built before. Test tests this package instead of one of this build.
    [string] $Package,

    # For Test: the program of another PowerShell that ring 2 runs in, such as powershell.exe for Windows PowerShell 5.1.
    [string] $PowerShell
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
Import-Module (Join-Path $PSScriptRoot 'tools/ChildPowerShell.psm1'), (Join-Path $PSScriptRoot 'tools/ModulePackage.psm1')

$Root = $PSScriptRoot
$Out = Join-Path $Root 'out'
$Results = Join-Path $Out 'test-results'
$Tests = Join-Path $Root 'tests/Apiframe.NanoBanana.Tests'
$Solution = Join-Path $Root 'Apiframe.PowerShell.sln'
$Version = (Import-PowerShellDataFile (Join-Path $Root 'Apiframe.NanoBanana.psd1')).ModuleVersion
$PesterVersion = ([xml](Get-Content (Join-Path $Root 'Directory.Packages.props') -Raw)).SelectSingleNode('//PesterVersion').InnerText
$StrykerVersion = ([xml](Get-Content (Join-Path $Root 'Directory.Packages.props') -Raw)).SelectSingleNode('//StrykerVersion').InnerText
$NodeClientVersion = ([xml](Get-Content (Join-Path $Root 'Directory.Packages.props') -Raw)).SelectSingleNode('//NodeClientVersion').InnerText
$CycloneDXVersion = ([xml](Get-Content (Join-Path $Root 'Directory.Packages.props') -Raw)).SelectSingleNode('//CycloneDXVersion').InnerText
$Module = Join-Path $Out 'Apiframe.NanoBanana'
$Packages = Join-Path $Out 'package'
$CompiledPowerShell = Join-Path $Out "powershell/$($PSVersionTable.PSVersion)"
# The other two projects in this folder are not run with xunit.
$XunitProjects = Get-ChildItem (Join-Path $Root 'tests/*/*.csproj') | ForEach-Object BaseName | Where-Object { $_ -notin 'Benchmarks', 'Apiframe.Desktop.Tests' }
$CoveredAssemblies = 'Apiframe.Client', 'Apiframe.Emulator', 'Apiframe.Gallery'
$SeedIsGiven = $PSBoundParameters.ContainsKey('Seed')
$SeedsAreGiven = $PSBoundParameters.ContainsKey('Seeds')

function Assert-ExitCode([string] $What) {
    if ($LASTEXITCODE -ne 0) { throw "$What ended with exit code $LASTEXITCODE." }
}

function Invoke-Script {
    # The script runs in a new PowerShell, because a module that is loaded in this one could not be built again.
    Invoke-PowerShell -File (Join-Path $Root $args[0]) @(@($args) | Select-Object -Skip 1) | Out-Host
    Assert-ExitCode $args[0]
}

function Invoke-Build {
    dotnet build $Solution -c $Configuration --nologo -v quiet | Out-Host
    Assert-ExitCode 'dotnet build'
    Write-Host "The module is in $Module"
}

function Invoke-Test {
    $compiler = Start-PowerShellCompiler
    Invoke-Build
    $powerShellFolder = Receive-CompiledPowerShell $compiler
    if (Test-Path $Results) { Remove-Item $Results -Recurse -Force }
    New-Item -ItemType Directory $Results | Out-Null
    # Most tests wait for jobs, so the rings run at the same time and share the processors.
    $rings = @(Invoke-WithShortRunRuntime {
        $xunit = Start-XunitRing
        $installed = Install-TestedModule
        $desktop = Start-DesktopRing $installed
        Invoke-PesterRing $installed $powerShellFolder
        Receive-XunitRing $xunit
        Receive-DesktopRing $desktop
    })

    Write-Host ''
    # $rings.Failed is not used, because strict mode throws an exception if all lists are empty.
    $failed = @($rings | ForEach-Object { $_.Failed }) + @(Measure-Coverage)
    $skipped = @($rings | ForEach-Object { $_.Skipped })
    $failed | ForEach-Object { Write-Host "`nFAILED  $_" }
    $skipped | ForEach-Object { Write-Host "`nSKIPPED  $_" }
    Write-Host "`n$(($rings | Measure-Object Passed -Sum).Sum) passed, $($failed.Count) failed$(if ($skipped) { ", $($skipped.Count) skipped" })"
    if ($failed) { exit 1 }
}

# PowerShell as a .NET tool has no precompiled code. Each of the hundreds of processes of ring 2 would compile it again, so a copy is compiled
# once. Returns the process that compiles it, or nothing if this is not necessary.
function Start-PowerShellCompiler {
    if (@(Get-PowerShellCommand).Count -eq 1 -or (Test-Path $CompiledPowerShell)) { return }
    $arguments = 'publish', (Join-Path $Root 'tools/PowerShell'), '-c', 'Release', '-o', "$CompiledPowerShell.part", "-p:PowerShellFolder=$PSHOME", '-v', 'quiet', '--nologo' |
        ForEach-Object { "`"$_`"" }
    $log = New-Item "$CompiledPowerShell.log" -ItemType File -Force
    $process = Start-Process dotnet -ArgumentList $arguments -PassThru -RedirectStandardOutput $log -RedirectStandardError "$log.errors"
    # Asked for before the process ends: Windows does not know the exit code otherwise.
    $process.Handle | Out-Null
    $process
}

# Returns the folder of the PowerShell that ring 2 and the benchmarks run in.
function Receive-CompiledPowerShell([System.Diagnostics.Process] $Compiler) {
    if ($Compiler) {
        $Compiler.WaitForExit()
        if ($Compiler.ExitCode -eq 0) { Rename-Item "$CompiledPowerShell.part" $CompiledPowerShell }
        else {
            Get-Content "$CompiledPowerShell.log", "$CompiledPowerShell.log.errors" | Write-Host
            Write-Host 'PowerShell could not be precompiled, so its processes take longer.'
        }
    }

    if (Test-Path $CompiledPowerShell) { $CompiledPowerShell } else { $PSHOME }
}

# Runs a script block with settings for .NET processes that run for seconds and compile most of their code. Three features that use half of their processor
# time are off or reduced: optimizing code, mapping each page of compiled code twice (W^X), and compiling a method again after thirty calls, which now happens
# after 4096 calls (hexadecimal 1000) and without a profile.
function Invoke-WithShortRunRuntime([scriptblock] $Action) {
    $settings = @{ DOTNET_JITMinOpts = '1'; DOTNET_EnableWriteXorExecute = '0'; DOTNET_TieredPGO = '0'; DOTNET_TC_CallCountThreshold = '1000' }
    $before = @{}
    foreach ($name in $settings.Keys) { $before[$name] = [System.Environment]::GetEnvironmentVariable($name) }
    try {
        foreach ($name in $settings.Keys) { [System.Environment]::SetEnvironmentVariable($name, $settings[$name]) }
        & $Action
    }
    finally {
        foreach ($name in $settings.Keys) { [System.Environment]::SetEnvironmentVariable($name, $before[$name]) }
    }
}

# Installs the package from a repository, as a user does, and returns the folder of the module.
function Install-TestedModule {
    $folder = Join-Path $Out 'home'
    if (Test-Path $folder) { Remove-Item $folder -Recurse -Force }
    $file = if ($Package) { Copy-Item $Package (New-Item "$folder/package" -ItemType Directory) -PassThru }
    else { New-ModulePackage -Module (Join-Path $Module $Version) -Destination "$folder/package" }

    # Uses a new PowerShell with its own home folder, because the list of repositories belongs to the user.
    $before, $env:HOME = $env:HOME, $folder
    try {
        Invoke-PowerShell -Command "Import-Module '$Root/tools/ModulePackage.psm1'; Install-ModulePackage '$($file.FullName)' '$folder/Modules'" | Out-Host
        Assert-ExitCode 'The installation of the package'
    }
    finally { $env:HOME = $before }
    Join-Path $folder 'Modules/Apiframe.NanoBanana'
}

# Starts the test program of each project of ring 1, and returns their processes.
function Start-XunitRing {
    foreach ($project in $XunitProjects) {
        $arguments = (Join-Path $Root "tests/$project/bin/$Configuration/net10.0/$project.dll"), '--report-xunit-trx', '--report-xunit-trx-filename', "$project.trx",
            '--results-directory', $Results, '--timeout', '5m', '--no-ansi', '--progress', 'off'
        $covered = $project -replace '\.Tests$'
        if ($covered -in $CoveredAssemblies) {
            $arguments += '--coverlet', '--coverlet-output-format', 'cobertura', '--coverlet-file-prefix', $covered, '--coverlet-include', "[$covered]*", '--coverlet-single-hit',
                # The serializers are generated code. The paths of the sources are mapped, so that they are the same on every computer.
                '--coverlet-exclude-by-file', '**/obj/**', '--coverlet-exclude-assemblies-without-sources', 'None'
        }

        $log = Join-Path $Results "$project.log"
        $process = Start-Process dotnet -ArgumentList ($arguments | ForEach-Object { "`"$_`"" }) -PassThru -RedirectStandardOutput $log -RedirectStandardError "$log.errors"
        # On Windows, the exit code is available later only if the handle was read before the process ends.
        $process.Handle | Out-Null
        @{ Project = $project; Process = $process; Log = $log }
    }
}

function Receive-XunitRing([hashtable[]] $Started) {
    Write-Host "`nRing 1: the core and the emulator, without PowerShell"
    foreach ($program in $Started) {
        # The program itself ends after five minutes, unless it hangs.
        if (-not $program.Process.WaitForExit([TimeSpan]::FromMinutes(8))) { $program.Process.Kill($true) }
        $program.Process.WaitForExit()
        Get-Content $program.Log, "$($program.Log).errors" | Write-Host
        $report = Join-Path $Results "$($program.Project).trx"
        $tests = if (Test-Path $report) { ([xml](Get-Content $report -Raw)).TestRun.Results.UnitTestResult }
        $ring = @{ Passed = 0; Failed = @(); Skipped = @() }
        foreach ($test in $tests) {
            $text = $test.SelectSingleNode('*[local-name()="Output"]//*[local-name()="Message"]')
            switch ($test.outcome) {
                'Passed' { $ring.Passed++ }
                'NotExecuted' { $ring.Skipped += "$($test.testName): $($text.InnerText)" }
                default { $ring.Failed += "$($test.testName): $($text.InnerText)" }
            }
        }

        if ($program.Process.ExitCode -ne 0 -and -not $ring.Failed) {
            $ring.Failed += "$($program.Project) ended with exit code $($program.Process.ExitCode) and no failed test: not everything ran."
        }
        [pscustomobject]$ring
    }
}

# Starts ring 3, or writes why this computer cannot run it.
function Start-DesktopRing([string] $InstalledModule) {
    $program = Join-Path $Root "tests/Apiframe.Desktop.Tests/bin/$Configuration/netstandard2.0/Apiframe.Desktop.Tests.exe"
    $arguments = $program, (Join-Path $InstalledModule $Version)
    $environment = @{}
    if (-not $IsWindows) {
        # Among the packages of Mono, only mono-devel contains this file, together with a compiler and other files. .ci/run extracts only this file.
        $facades = @('/usr/lib/mono/4.5/Facades', '/Library/Frameworks/Mono.framework/Versions/Current/lib/mono/4.5/Facades', (Join-Path $Out 'mono')) |
            Where-Object { Test-Path (Join-Path $_ 'netstandard.dll') } | Select-Object -First 1
        $mono = Get-Command mono -CommandType Application -ErrorAction Ignore | Select-Object -First 1
        if (-not $mono) { return 'Mono is not installed.' }
        if (-not $facades) { return 'Mono has no netstandard.dll: install mono-devel, or run .ci/run.' }
        $arguments = @($mono.Source) + $arguments
        $environment = @{ MONO_PATH = $facades }
    }

    $log = Join-Path $Results 'desktop.log'
    $process = Start-Process $arguments[0] -ArgumentList ($arguments | Select-Object -Skip 1 | ForEach-Object { "`"$_`"" }) -PassThru -Environment $environment `
        -RedirectStandardOutput $log -RedirectStandardError "$log.errors"
    # On Windows, the exit code is available later only if the handle was read before the process ends.
    $process.Handle | Out-Null
    $process
}

function Receive-DesktopRing($Started) {
    Write-Host "`nRing 3: the core on the .NET Framework's side, with the libraries that Windows PowerShell 5.1 gets"
    if ($Started -is [string]) {
        return [pscustomobject]@{ Passed = 0; Failed = @(); Skipped = @("Ring 3, the core on the .NET Framework's side: $Started") }
    }

    $ended = $Started.WaitForExit([TimeSpan]::FromMinutes(3))
    if (-not $ended) { $Started.Kill($true) }
    $lines = @(Get-Content (Join-Path $Results 'desktop.log'), (Join-Path $Results 'desktop.log.errors'))
    $lines | Write-Host
    $ring = @{ Passed = @($lines -match '^Passed  ').Count; Failed = @($lines -match '^FAILED  ' -replace '^FAILED  '); Skipped = @() }
    if (-not $ended) { $ring.Failed += 'Ring 3 did not end within 3 minutes.' }
    elseif ($Started.ExitCode -ne 0 -and -not $ring.Failed) { $ring.Failed += "Ring 3 ended with exit code $($Started.ExitCode) and no failed test: not everything ran." }
    [pscustomobject]$ring
}

function Invoke-PesterRing([string] $InstalledModule, [string] $PowerShellFolder) {
    Write-Host "`nRings 1 and 3 run beside ring 2; their results follow."
    Write-Host "Ring 2: the module as its package installs it, in $(if ($PowerShell) { $PowerShell } else { "PowerShell $($PSVersionTable.PSVersion)" })"
    $pester = Join-Path $Out "modules/Pester/$PesterVersion/Pester.psd1"
    $childPowerShell = Join-Path $Root 'tools/ChildPowerShell.psm1'
    $limit = [TimeSpan]::FromMinutes(8)
    # Most of these tests wait for jobs, so more processes than processors run at the same time. The slowest files start first and have a process of their own.
    # The other files share a few processes, because each process compiles PowerShell, Pester, and the module again. Progress and ErrorTexts have
    # their own processes, too, because the module expects a job to take as long as the earlier jobs of its process.
    $slow = 'Soak', 'Reliability', 'Journal.Reliability', 'Help', 'Gallery', 'Stopping', 'Samples.Pester', 'MainJob', 'Documents', 'Progress', 'ErrorTexts' | ForEach-Object { "$_.Tests" }
    $rest = @(Get-ChildItem $Tests -Filter *.Tests.ps1 | Where-Object BaseName -NotIn $slow | ForEach-Object BaseName)
    $shared = [Math]::Min(2 * [System.Environment]::ProcessorCount, $rest.Count)
    $processes = @($slow | ForEach-Object { , @($_) }) + @(0..($shared - 1) | ForEach-Object { , @(for ($i = $_; $i -lt $rest.Count; $i += $shared) { $rest[$i] }) })
    $processes | ForEach-Object -ThrottleLimit (3 * [System.Environment]::ProcessorCount) -Parallel {
        Import-Module $using:childPowerShell
        $log = Join-Path $using:Results "$($_[0]).log"
        $arguments = @('-File', (Join-Path $using:Tests 'Invoke-PesterFile.ps1'), '-Pester', $using:pester, '-Results', $using:Results, '-Module', $using:InstalledModule) +
            @($_ | ForEach-Object { Join-Path $using:Tests "$_.ps1" })
        $process = Start-PowerShell $arguments -Output $log -ErrorOutput "$log.errors" -Folder $using:PowerShellFolder -Program $using:PowerShell
        $ended = $process.WaitForExit($using:limit)
        if (-not $ended) { $process.Kill($true) }
        Get-Content $log, "$log.errors" -Raw | Write-Host
        foreach ($file in $_) {
            $report = Join-Path $using:Results "$file.json"
            if (Test-Path $report) { Get-Content $report -Raw | ConvertFrom-Json } else {
                $why = if ($ended) { "ended with exit code $($process.ExitCode) before it could report" } else { "did not end within $using:limit" }
                [pscustomobject]@{ Passed = 0; Failed = @("$file $why."); Skipped = @() }
            }
        }
    }
}

# Writes the line coverage of each assembly by the xunit ring, and returns an error for each assembly below its minimum.
function Measure-Coverage {
    foreach ($assembly in $CoveredAssemblies) {
        $share = Get-ChildItem $Results -Filter "$assembly.*.xml" | ForEach-Object { ([xml](Get-Content -LiteralPath $_ -Raw)).SelectNodes("//package[@name='$assembly']") } |
            ForEach-Object { [double]::Parse($_.'line-rate', [cultureinfo]::InvariantCulture) }
        Write-Host ('Coverage of {0}: {1:P1} of lines' -f $assembly, $share)
        if ($share -lt 0.95) { 'The coverage of {0} is {1:P1}; at least 95 % is required.' -f $assembly, $share }
    }
}

function Invoke-Demo {
    Invoke-Build
    Invoke-Script samples/Demo.ps1 -Module $Module -Path (Join-Path $Out 'demo')
}

function Invoke-Simulate {
    dotnet build (Join-Path $Root 'tests/Simulation') -c $Configuration --nologo -v quiet | Out-Host
    Assert-ExitCode 'dotnet build'
    $words = if ($SeedIsGiven -and -not $SeedsAreGiven) { 'seed', $Seed } else { 'seeds', $Seeds, $Seed }
    dotnet (Join-Path $Root "tests/Simulation/bin/$Configuration/net10.0/Simulation.dll") @words | Out-Host
    if ($LASTEXITCODE -ne 0) { exit 1 }
}

function Invoke-Fuzz {
    Invoke-Build
    $env:APIFRAME_FUZZ_CASES = $Cases
    # Exit code 8 means that a project has no such tests.
    dotnet test --solution $Solution -c $Configuration --no-build --filter-class '*FuzzTests' --ignore-exit-code 8 | Out-Host
    Assert-ExitCode 'dotnet test'
}

function Invoke-Mutate {
    $files = if ($Part) { '--mutate'; "**/$Part" }
    $folder = Join-Path $Out 'mutation'
    Push-Location (Join-Path $Root 'tests/Apiframe.Client.Tests')
    try { dotnet tool exec "dotnet-stryker@$StrykerVersion" --yes -- --skip-version-check --verbosity warning --output $folder @files | Out-Host }
    finally { Pop-Location }
    Assert-ExitCode 'dotnet stryker'

    $report = Get-Content (Join-Path $folder 'reports/mutation-report.json') -Raw | ConvertFrom-Json -AsHashtable
    foreach ($path in $report.files.Keys | Sort-Object) {
        $lines = $report.files[$path].source -split '\r?\n'
        # ConfigureAwait(true) only changes the thread that continues, and only for callers with a synchronization context.
        $changes = @($report.files[$path].mutants | Where-Object status -In 'Killed', 'Timeout', 'Survived', 'NoCoverage' |
                Where-Object { -not $lines[$_.location.start.line - 1].Substring(0, $_.location.start.column - 1).EndsWith('ConfigureAwait(') })
        if (-not $changes) { continue }
        $unnoticed = @($changes | Where-Object status -In 'Survived', 'NoCoverage')
        $late = @($changes | Where-Object status -EQ 'Timeout').Count
        '{0,4:P0}  {1} ({2} of {3} changes make a test fail{4})' -f (1 - $unnoticed.Count / $changes.Count), (Split-Path $path -Leaf), ($changes.Count - $unnoticed.Count), $changes.Count,
            $(if ($late) { ", $late of them after the time limit" })
        $unnoticed | ForEach-Object { '      line {0}: {1}: {2}' -f $_.location.start.line, $_.mutatorName, ($_.replacement -replace '\s+', ' ') }
    }
}

function Invoke-Soak {
    Invoke-Build
    Invoke-Script tests/Soak/Soak.ps1 -Module $Module -Prompts $Prompts -Seed $Seed
}

function Invoke-Bench {
    Invoke-Build
    $arguments = @('-File', (Join-Path $Root tests/Benchmarks/Compare.ps1), '-Module', $Module, '-Benchmarks', (Join-Path $Root "tests/Benchmarks/bin/$Configuration/net10.0/Benchmarks.dll"))
    if ($Part) { $arguments += '-Part', $Part }
    if ($Part -in '', 'Scale' -and ($nodeClient = Install-NodeClient)) { $arguments += '-NodeClient', $nodeClient }
    # The programs run in a precompiled PowerShell, because an installed PowerShell is precompiled.
    Invoke-PowerShellIn (Receive-CompiledPowerShell (Start-PowerShellCompiler)) @arguments | Out-Host
    Assert-ExitCode 'tests/Benchmarks/Compare.ps1'
}

# Returns the main file of the vendor's client for Node.js, or nothing if it cannot be installed.
function Install-NodeClient {
    $package = "@apiframe-ai/sdk@$NodeClientVersion"
    $folder = Join-Path $Out 'node'
    $main = Join-Path $folder 'node_modules/@apiframe-ai/sdk/dist/index.js'
    if (-not (Test-Path $main) -and (Get-Command npm -ErrorAction Ignore)) {
        npm install --prefix $folder --no-save --no-package-lock --no-audit --no-fund --ignore-scripts --fetch-retries 0 $package *> $null
    }
    if (Test-Path $main) { return $main }
    Write-Host "The vendor's client for Node.js is not compared, because npm cannot install $package."
}

function Invoke-Package {
    Invoke-Build
    if (Test-Path $Packages) { Remove-Item $Packages -Recurse -Force }
    $file = New-ModulePackage -Module (Join-Path $Module $Version) -Destination $Packages
    # The zip is for computers without a repository. It contains Apiframe.NanoBanana/<version>/... and is extracted to a folder of PSModulePath.
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    [System.IO.Compression.ZipFile]::CreateFromDirectory($Module, (Join-Path $Packages "$($file.BaseName).zip"), 'Optimal', $true)
    dotnet tool exec "CycloneDX@$CycloneDXVersion" --yes -- (Join-Path $Root 'src/Apiframe.NanoBanana/Apiframe.NanoBanana.csproj') --output $Packages `
        --filename "$($file.BaseName).cdx.json" --output-format Json --exclude-dev --exclude-filter PowerShellStandard.Library `
        --set-name Apiframe.NanoBanana --set-type Library --set-version $file.BaseName.Substring('Apiframe.NanoBanana.'.Length) | Out-Host
    Assert-ExitCode 'CycloneDX'
    Get-ChildItem $Packages -File | Get-FileHash | ForEach-Object { '{0}  {1}' -f $_.Hash.ToLowerInvariant(), (Split-Path $_.Path -Leaf) } |
        Set-Content (Join-Path $Packages 'SHA256SUMS')
    Get-ChildItem $Packages | Out-Host
}

function Invoke-Verify {
    $work = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid())
    try {
        $first, $second = foreach ($clone in "$work/one", "$work/another/folder") {
            git clone --quiet $Root $clone
            Assert-ExitCode 'git clone'
            dotnet build "$clone/src/Apiframe.NanoBanana" -c Release --nologo -v quiet | Out-Host
            Assert-ExitCode 'dotnet build'
            , (Get-ShippedFile "$clone/out/Apiframe.NanoBanana/$Version")
        }
        $compared = @{ 'the second build' = $second }
        if ($Package) {
            # A copy is needed, because Expand-Archive accepts only files with the extension .zip.
            Copy-Item $Package "$work/package.zip"
            Expand-Archive "$work/package.zip" "$work/package"
            $compared[$Package] = Get-ShippedFile "$work/package"
        }

        foreach ($name in $compared.Keys) {
            $differences = Compare-Object $first $compared[$name]
            if ($differences) { throw "The first build and $name differ:`n$(($differences | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }) -join "`n")" }
        }

        $first -match '\.dll$' -match 'Apiframe' | Out-Host
        Write-Host "$($first.Count) files are the same, byte for byte, in two builds$(if ($Package) { ' and in the package' })."
    }
    finally { Remove-Item $work -Recurse -Force -ErrorAction Ignore }
}

# Returns the hash and the name of each file of the module in a folder, without the files that belong only to the package.
function Get-ShippedFile([string] $Folder) {
    Get-ChildItem $Folder -Recurse -File | ForEach-Object {
        '{0}  {1}' -f (Get-FileHash -LiteralPath $_).Hash.ToLowerInvariant(), [System.IO.Path]::GetRelativePath($Folder, $_).Replace('\', '/')
    } | Where-Object { $_ -notmatch '  (_rels/|package/|\[Content_Types\]\.xml$|Apiframe\.NanoBanana\.nuspec$)' } | Sort-Object
}

function Invoke-Clean {
    $folders = @($Out) + (Get-ChildItem $Root -Recurse -Directory -Include bin, obj | Where-Object { Test-Path (Join-Path $_.Parent '*.csproj') } | ForEach-Object FullName)
    $folders | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
}

# The PowerShell processes of tests and scripts must not send telemetry or check for updates.
$env:POWERSHELL_TELEMETRY_OPTOUT, $env:POWERSHELL_UPDATECHECK, $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1', 'Off', '1'
Write-Host "PowerShell $($PSVersionTable.PSVersion), .NET SDK $(dotnet --version), Pester $PesterVersion"
& "Invoke-$Task"
