@{
    RootModule           = 'Apiframe.NanoBanana.dll'
    ModuleVersion        = '1.0.0'
    GUID                 = '5d8a4a3e-6c0f-4b53-9f2a-2f4a0d6f7b11'
    Author               = 'The Apiframe.NanoBanana authors'
    CompanyName          = 'Community'
    Copyright            = '(c) 2026 The Apiframe.NanoBanana authors. MIT licence.'
    Description          = 'Make images with Nano Banana 2 through the Apiframe v2 API: New-BananaImage | Wait-BananaJob | Save-BananaImage. The module is designed so that a prompt is paid for exactly once and a paid image is never lost. about_Banana_Reliability describes how, and the limits.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Core', 'Desktop')
    DotNetFrameworkVersion = '4.7.2'
    # Loaded before the types: in a session that has another version, the error is then about the assembly, and not about the types.
    RequiredAssemblies   = @('Apiframe.NanoBanana.dll')
    TypesToProcess       = @('Apiframe.NanoBanana.types.ps1xml')
    FormatsToProcess     = @('Apiframe.NanoBanana.format.ps1xml')
    CmdletsToExport      = @(
        'ConvertFrom-BananaWebhook'
        'Edit-BananaImage'
        'Export-BananaGallery'
        'Get-BananaAccount'
        'Get-BananaEmulator'
        'Get-BananaJob'
        'Get-BananaJournal'
        'Get-BananaModel'
        'New-BananaConnection'
        'New-BananaImage'
        'Save-BananaImage'
        'Send-BananaFile'
        'Start-BananaEmulator'
        'Stop-BananaEmulator'
        'Test-BananaJournal'
        'Test-BananaWebhook'
        'Wait-BananaJob'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('Apiframe', 'NanoBanana', 'AI', 'Image', 'ImageGeneration', 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS', '{CommandTags}')
            # Until it is out. Remove it to release the version.
            Prerelease   = 'preview1'
            # The one place that says where the project is. What is in braces is filled in when the module is staged.
            ProjectUri   = 'https://github.com/apiframe-nanobanana/Apiframe.NanoBanana'
            LicenseUri   = '{ProjectUri}/blob/main/LICENSE'
            IconUri      = '{ProjectUri}/raw/main/docs/images/icon.png'
            ReleaseNotes = '{Changes}'
        }
    }
}
