using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace HelpCompiler;

/// <summary>Completes the manifest with information from other places in the repository.</summary>
internal static partial class ModuleManifest
{
    /// <summary>Replaces the placeholders of the manifest.</summary>
    /// <param name="manifest">
    /// The manifest of the repository. <c>{ProjectUri}</c> is replaced with its ProjectUri, <c>{CommandTags}</c> with the tags by which Find-PSResource finds a
    /// module by its commands, and <c>{Changes}</c> with the changes of its version in the changelog.
    /// </param>
    /// <param name="changelog">The changelog, with a second-level heading for each version, newest first.</param>
    /// <exception cref="FormatException">The changelog does not contain the version, or the manifest has no version or address.</exception>
    public static string Complete(string manifest, string changelog)
    {
        string version = Value(manifest, "ModuleVersion");
        IEnumerable<string> tags = Cmdlet().Matches(manifest).SelectMany(cmdlet => new[] { "PSCmdlet_" + cmdlet.Value, "PSCommand_" + cmdlet.Value });
        return manifest
            .Replace("{ProjectUri}", ProjectUri(manifest), StringComparison.Ordinal)
            .Replace("{CommandTags}", string.Join("', '", tags.Prepend("PSIncludes_Cmdlet")), StringComparison.Ordinal)
            .Replace("{Changes}", Changes(changelog, version).Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal);
    }

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

    /// <summary>Matches the names in CmdletsToExport.</summary>
    [GeneratedRegex(@"(?<=^\s+')[A-Z][A-Za-z]+-Banana[A-Za-z]+(?='\s*$)", RegexOptions.Multiline)]
    private static partial Regex Cmdlet();
}
