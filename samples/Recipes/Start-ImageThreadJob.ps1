<#
.SYNOPSIS
    Makes images in the background with Start-ThreadJob while the script does other work.
.DESCRIPTION
    Without other work, omit the thread job: the pipeline inside it already makes all images side by side.

    If the other work processes each image, use the pipeline instead: Save-BananaImage returns each file while the other jobs are still running.

    The key comes from $env:APIFRAME_API_KEY. Windows PowerShell needs the module ThreadJob. The script returns the files. The exit code is 0 if every prompt has its
    image, and otherwise 1.
.PARAMETER Journal
    The journal of the images. The default is one journal for each day in the folder of the images. With the same journal, nothing is paid for again.
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

# The thread job gets its variables with $using, which can be a connection. The key is read here, so that an error about it stops the script immediately.
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
    # Also if the other work failed, because the images are paid for. Errors about single prompts are written here, and the other images are saved.
    $files = @($making | Receive-Job -Wait -AutoRemoveJob -ErrorAction Continue)
    $files
}

exit [int]($files.Count -lt $Prompt.Count)
