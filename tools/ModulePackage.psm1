# Creates the package that is published, and installs a module from such a file.

function New-ModulePackage {
    <#
    .SYNOPSIS
        Creates the package of a staged module in the same way as Publish-PSResource, and returns its file.
    #>
    [OutputType([System.IO.FileInfo])]
    param(
        # The folder of the version.
        [Parameter(Mandatory)] [string] $Module,
        # The folder for the package. It is created if it does not exist.
        [Parameter(Mandatory)] [string] $Destination
    )

    if (-not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
        throw "This PowerShell has no Compress-PSResource, which makes the package. Use PowerShell 7.5 or later, or run 'Install-PSResource Microsoft.PowerShell.PSResourceGet'."
    }

    New-Item $Destination -ItemType Directory -Force | Out-Null
    Compress-PSResource -Path $Module -DestinationPath $Destination -PassThru
}

function Install-ModulePackage {
    <#
    .SYNOPSIS
        Installs the module of a package into a folder, from a repository that contains only this package.
    #>
    param(
        [Parameter(Mandatory)] [string] $Package,
        # The folder for the module, such as one of PSModulePath. It is created if it does not exist.
        [Parameter(Mandatory)] [string] $Destination
    )

    $repository = "Package-$([guid]::NewGuid().ToString('N'))"
    New-Item $Destination -ItemType Directory -Force | Out-Null
    Register-PSResourceRepository $repository -Uri (Split-Path (Resolve-Path $Package))
    try { Save-PSResource Apiframe.NanoBanana -Repository $repository -Path $Destination -Prerelease -TrustRepository }
    finally { Unregister-PSResourceRepository $repository }
}

Export-ModuleMember -Function Install-ModulePackage, New-ModulePackage
