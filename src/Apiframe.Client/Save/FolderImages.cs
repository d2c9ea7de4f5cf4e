using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Apiframe.Client.Save;

/// <summary>The images of a folder by the job ID at the end of their names. The folder is read once, on the first request.</summary>
public sealed class FolderImages
{
    private const string Number = @"(?:-\d{1,4})?";

    private static readonly Regex Digits = new($"(?:^|-)([0-9a-f]{{12}}{Number})$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    private static readonly Regex WholeId = new($"[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}{Number}$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private readonly Lazy<ILookup<string, string>> _byEnding;

    /// <summary>Creates an index of a folder, which need not exist.</summary>
    public FolderImages(string folder) => _byEnding = new Lazy<ILookup<string, string>>(() => Read(folder));

    /// <summary>Returns the full paths of the images whose names have an ending from <see cref="FileNames"/>.</summary>
    internal IEnumerable<string> EndingIn(string ending) => _byEnding.Value[ending];

    private static ILookup<string, string> Read(string folder) =>
        (Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
            .Where(SaveTarget.IsImageName)
            .SelectMany(path => Endings(Path.GetFileNameWithoutExtension(path)).Select(ending => (Ending: ending, Path: path)))
            .ToLookup(image => image.Ending, image => image.Path, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Endings(string name) =>
        new[] { Digits.Match(name).Groups[1], WholeId.Match(name) }.Where(match => match.Success).Select(match => match.Value);
}
