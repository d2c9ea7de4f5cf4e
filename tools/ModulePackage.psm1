# The package that is published, and how it is installed from a file.

function New-ModulePackage {
    <#
    .SYNOPSIS
        Makes the package of a staged module, as Publish-PSResource makes it, and returns its file.
    #>
    [OutputType([System.IO.FileInfo])]
    param(
        # The folder of the version.
        [Parameter(Mandatory)] [string] $Module,
        # The folder for the package. It is made if it is missing.
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
        Installs the module of a package into a folder, from a repository that has nothing but this package.
    #>
    param(
        [Parameter(Mandatory)] [string] $Package,
        # The folder for the module, such as one of PSModulePath. It is made if it is missing.
        [Parameter(Mandatory)] [string] $Destination
    )

    $repository = "Package-$([guid]::NewGuid().ToString('N'))"
    New-Item $Destination -ItemType Directory -Force | Out-Null
    Register-PSResourceRepository $repository -Uri (Split-Path (Resolve-Path $Package))
    try { Save-PSResource Apiframe.NanoBanana -Repository $repository -Path $Destination -Prerelease -TrustRepository }
    finally { Unregister-PSResourceRepository $repository }
}

Export-ModuleMember -Function Install-ModulePackage, New-ModulePackage
