<#
.SYNOPSIS
    Start-ThreadJob as it should be used: images are made in the background while the script does other work.
.DESCRIPTION
    If there is no other work, leave the thread job out: the pipeline inside it makes all images side by side already.

    If the other work is on each image, pipe to it instead: Save-BananaImage writes each file while the others are still being made.

    The key comes from $env:APIFRAME_API_KEY. Windows PowerShell needs the module ThreadJob. Writes the files; the exit code is 0 when every prompt has
    its image, else 1.
.PARAMETER Journal
    The journal of the images: one for each day beside them if not given. With the same journal, nothing is paid for again.
.PARAMETER Work
    The other work.
.EXAMPLE
    ./Start-ImageThreadJob.ps1 -Prompt 'a kite', 'a lighthouse' -Path ./images -Work { ./Build-Site.ps1 }
#>
#requires -Version 5.1
#requires -Modules Apiframe.NanoBanana
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string[]] $Prompt,
    [string] $Path = './images',
    [string] $Journal = (Join-Path $Path "site-$(Get-Date -Format yyyy-MM-dd).jsonl"),
    [Parameter(Mandatory)] [scriptblock] $Work
)

$ErrorActionPreference = 'Stop'
# The thread job may have another current location.
$folder, $Journal = $Path, $Journal | ForEach-Object { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($_) }

# Everything that the job needs goes in with $using. A connection may; so the key is read here, where an error about it stops the script at once.
$submit = @{ Connection = New-BananaConnection; Journal = $Journal }
Get-BananaAccount -Connection $submit.Connection | Out-Null
$making = Start-ThreadJob -Name 'images' {
    $submit = $using:submit
    $using:Prompt |
        New-BananaImage @submit |
        Wait-BananaJob |
        Save-BananaImage -Path $using:folder
}

try {
    & $Work
}
finally {
    # Also when the work has failed: the images are paid for. Errors about single prompts come out here as errors, and the rest is saved.
    $files = @($making | Receive-Job -Wait -AutoRemoveJob -ErrorAction Continue)
    $files
}

exit [int]($files.Count -lt $Prompt.Count)
