# Starts another PowerShell for the scripts and tests of this repository. It is of the same kind as the one that runs them, unless another is named.

function Get-PowerShellCommand {
    <#
    .SYNOPSIS
        Returns the command that starts this PowerShell again: the program, and then the arguments that must come first.
    .DESCRIPTION
        An installed PowerShell is a program. A PowerShell that is a .NET tool is a library, and its process is dotnet, whether it was started by the
        command of the tool or as 'dotnet pwsh.dll'.
    #>
    [OutputType([string])]
    param(
        [string] $ProcessPath = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName,
        [string] $Folder = $PSHOME
    )

    $ProcessPath
    if ([System.IO.Path]::GetFileNameWithoutExtension($ProcessPath) -eq 'dotnet') { Join-Path $Folder 'pwsh.dll' }
}

function Invoke-PowerShell {
    <#
    .SYNOPSIS
        Runs another PowerShell with these arguments, without profile and prompts, and returns its output. $LASTEXITCODE contains its exit code.
    .EXAMPLE
        Invoke-PowerShell -File ./Demo.ps1 -Path ./images
    #>
    Invoke-PowerShellIn $PSHOME @args
}

function Invoke-PowerShellIn {
    <#
    .SYNOPSIS
        Runs a PowerShell in another folder in the same way as Invoke-PowerShell. The first argument is the folder.
    #>
    # With Stop, Windows PowerShell would end this script at the first line that the other one writes to its errors.
    $ErrorActionPreference = 'Continue'
    $folder, $arguments = $args
    $program, $first = Get-PowerShellCommand -Folder $folder
    & $program @(@($first) -ne $null) -NoProfile -NonInteractive @arguments
}

function Start-PowerShell {
    <#
    .SYNOPSIS
        Starts another PowerShell in the background, without profile and prompts, and returns its process.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string[]] $ArgumentList,
        # A file for its output, and one for its errors.
        [Parameter(Mandatory)] [string] $Output,
        [Parameter(Mandatory)] [string] $ErrorOutput,
        # The folder of another copy of this PowerShell.
        [string] $Folder = $PSHOME,
        # The program of a PowerShell of another kind, such as powershell.exe.
        [string] $Program
    )

    $start = @{}
    if ($Program) {
        # It has modules of its own, and a policy of its own for scripts.
        $start.Environment = @{ PSModulePath = $null; PSExecutionPolicyPreference = 'Bypass' }
    }
    else { $Program, $first = Get-PowerShellCommand -Folder $Folder }
    $arguments = @(@($first) -ne $null) + '-NoProfile' + '-NonInteractive' + $ArgumentList | ForEach-Object { "`"$_`"" }
    $process = Start-Process $Program -ArgumentList $arguments -PassThru -RedirectStandardOutput $Output -RedirectStandardError $ErrorOutput @start
    # On Windows, the exit code is available later only if the handle was read before the process ends.
    $process.Handle | Out-Null
    $process
}

Export-ModuleMember -Function Get-PowerShellCommand, Invoke-PowerShell, Invoke-PowerShellIn, Start-PowerShell
