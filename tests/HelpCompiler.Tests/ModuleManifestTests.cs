using System;
using System.IO;
using Xunit;

namespace HelpCompiler.Tests;

public sealed class ModuleManifestTests
{
    private const string Manifest = """
        @{
            ModuleVersion   = '1.2.0'
            CmdletsToExport = @(
                'Get-BananaJob'
                'New-BananaImage'
            )
            PrivateData = @{ PSData = @{
                Tags         = @('Image', '{CommandTags}')
                ProjectUri   = 'https://example.net/banana'
                LicenseUri   = '{ProjectUri}/LICENSE'
                ReleaseNotes = '{Changes}'
            } }
        }
        """;

    private const string Changelog = "# Changelog\n\n## 1.2.0 (unreleased)\n\n- A user's image.\n\n### Fixed\n\n- Another.\n\n## 1.2.0-old\n\n- Old.\n";

    [Fact]
    public void The_changelog_of_the_version_becomes_the_release_notes()
    {
        string text = ModuleManifest.Complete(Manifest, Changelog);

        Assert.Contains("ReleaseNotes = '- A user''s image.\n\n### Fixed\n\n- Another.'", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tags_of_the_module_contain_each_cmdlet()
    {
        string text = ModuleManifest.Complete(Manifest, Changelog);

        Assert.Contains(
            "Tags         = @('Image', 'PSIncludes_Cmdlet', 'PSCmdlet_Get-BananaJob', 'PSCommand_Get-BananaJob', 'PSCmdlet_New-BananaImage', 'PSCommand_New-BananaImage')",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_license_address_is_derived_from_the_project_address() =>
        Assert.Contains("LicenseUri   = 'https://example.net/banana/LICENSE'", ModuleManifest.Complete(Manifest, Changelog), StringComparison.Ordinal);

    [Fact]
    public void A_version_without_changes_is_an_error() =>
        Assert.Throws<FormatException>(() => ModuleManifest.Complete(Manifest, "# Changelog\n\n## 1.1.0\n\n- Old.\n"));

    [Fact]
    public void The_manifest_of_this_repository_contains_no_placeholder()
    {
        string text = ModuleManifest.Complete(
            File.ReadAllText(Path.Combine(Repository.Root, "Apiframe.NanoBanana.psd1")), File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md")));

        Assert.DoesNotContain("'{", text, StringComparison.Ordinal);
        Assert.Contains("PSCommand_New-BananaImage", text, StringComparison.Ordinal);
    }
}
