using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace HelpCompiler;

/// <summary>The manifest as it is shipped: completed with what the repository says in another place.</summary>
internal static partial class ModuleManifest
{
    /// <summary>Fills in the placeholders of the manifest.</summary>
    /// <param name="manifest">
    /// The manifest of the repository. In it, <c>{ProjectUri}</c> stands for its own ProjectUri, <c>{CommandTags}</c> among the tags for those by which
    /// Find-PSResource finds a module by its commands, and <c>{Changes}</c> for what the changelog says of its version.
    /// </param>
    /// <param name="changelog">The changelog: a heading of the second level for each version, newest first.</param>
    /// <exception cref="FormatException">The changelog has nothing to say of the version, or the manifest has no version or address.</exception>
    public static string Complete(string manifest, string changelog)
    {
        string version = Value(manifest, "ModuleVersion");
        IEnumerable<string> tags = Cmdlet().Matches(manifest).SelectMany(cmdlet => new[] { "PSCmdlet_" + cmdlet.Value, "PSCommand_" + cmdlet.Value });
        return manifest
            .Replace("{ProjectUri}", ProjectUri(manifest), StringComparison.Ordinal)
            .Replace("{CommandTags}", string.Join("', '", tags.Prepend("PSIncludes_Cmdlet")), StringComparison.Ordinal)
            .Replace("{Changes}", Changes(changelog, version).Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>The address of the project.</summary>
    public static string ProjectUri(string manifest) => Value(manifest, "ProjectUri");

    private static string Changes(string changelog, string version)
    {
        string[] sections = Heading().Split(changelog);
        string? text = sections.Skip(1).FirstOrDefault(section => Regex.IsMatch(section, $@"^{Regex.Escape(version)}\b"));
        string changes = text?[(text.IndexOf('\n') + 1)..].Trim() ?? string.Empty;
        return changes.Length > 0 ? changes : throw new FormatException($"The changelog says nothing about version {version}.");
    }

    private static string Value(string manifest, string name) =>
        Regex.Match(manifest, $@"^\s*{name}\s*=\s*'([^'{{]+)'", RegexOptions.Multiline) is { Success: true } match
            ? match.Groups[1].Value
            : throw new FormatException($"The manifest has no {name}.");

    [GeneratedRegex(@"^## ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    /// <summary>A line of CmdletsToExport.</summary>
    [GeneratedRegex(@"(?<=^\s+')[A-Z][A-Za-z]+-Banana[A-Za-z]+(?='\s*$)", RegexOptions.Multiline)]
    private static partial Regex Cmdlet();
}
