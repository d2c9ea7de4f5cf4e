# Starts another PowerShell for the scripts and tests of this repository. It is always of the same kind as the one that runs them.

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
        [string] $ProcessPath = [System.Environment]::ProcessPath,
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
    $program, $first = Get-PowerShellCommand
    & $program @(@($first) -ne $null) -NoProfile -NonInteractive @args
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
        [string] $Folder = $PSHOME
    )

    $program, $first = Get-PowerShellCommand -Folder $Folder
    $arguments = @(@($first) -ne $null) + '-NoProfile' + '-NonInteractive' + $ArgumentList | ForEach-Object { "`"$_`"" }
    $process = Start-Process $program -ArgumentList $arguments -PassThru -RedirectStandardOutput $Output -RedirectStandardError $ErrorOutput
    # On Windows, the exit code is available later only if the handle was read before the process ends.
    $process.Handle | Out-Null
    $process
}

Export-ModuleMember -Function Get-PowerShellCommand, Invoke-PowerShell, Start-PowerShell
