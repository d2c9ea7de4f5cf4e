using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Apiframe.Client.Save;

/// <summary>The images in a folder by the job ID at the end of their names, whatever stands before it. The folder is read once, when somebody asks first.</summary>
public sealed class FolderImages
{
    private const string Number = @"(?:-\d{1,4})?";

    private static readonly Regex Digits = new($"(?:^|-)([0-9a-f]{{12}}{Number})$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    private static readonly Regex WholeId = new($"[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}{Number}$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private readonly Lazy<ILookup<string, string>> _byEnding;

    /// <summary>Names a folder, which need not exist.</summary>
    public FolderImages(string folder) => _byEnding = new Lazy<ILookup<string, string>>(() => Read(folder));

    /// <summary>The full paths of the images whose names end in an ID, or in the digits that stand for it, and the number of the image.</summary>
    internal IEnumerable<string> EndingIn(string ending) => _byEnding.Value[ending];

    private static ILookup<string, string> Read(string folder) =>
        (Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
            .Where(SaveTarget.IsImageName)
            .SelectMany(path => Endings(Path.GetFileNameWithoutExtension(path)).Select(ending => (Ending: ending, Path: path)))
            .ToLookup(image => image.Ending, image => image.Path, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Endings(string name) =>
        new[] { Digits.Match(name).Groups[1], WholeId.Match(name) }.Where(match => match.Success).Select(match => match.Value);
}
