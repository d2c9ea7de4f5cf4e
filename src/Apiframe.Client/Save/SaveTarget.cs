using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Apiframe.Client.Save;

/// <summary>Where an image goes, while its format, and so its extension, is not known yet.</summary>
public sealed class SaveTarget
{
    private static readonly string[] Extensions = [".jpg", ".png", ".webp", ".gif"];

    private readonly string _path;
    private readonly bool _isWholePath;

    private SaveTarget(string path, bool isWholePath)
    {
        _path = path;
        _isWholePath = isWholePath;
    }

    /// <summary>The folder the file goes to.</summary>
    public string Folder => Path.GetDirectoryName(_path)!;

    /// <summary>A name that the user chose, extension and all.</summary>
    public static SaveTarget File(string path) => new(path, isWholePath: true);

    /// <summary>A name that gets its extension from the content.</summary>
    public static SaveTarget InFolder(string folder, string baseName) => new(Path.Combine(folder, baseName), isWholePath: false);

    /// <summary>Whether a path means one file rather than a folder: it ends as an image does and no such folder is there.</summary>
    public static bool IsFilePath(string path) =>
        !Directory.Exists(path) && (System.IO.File.Exists(path) || IsImageName(path));

    /// <summary>Whether a name ends as an image's does.</summary>
    public static bool IsImageName(string path) => Extensions.Append(".jpeg").Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>The file's full path for content of this extension.</summary>
    public string PathFor(string extension) => _isWholePath ? _path : _path + extension;

    /// <summary>The file that is there already under this name, whatever its format; null if none is.</summary>
    public FileInfo? Existing() => Candidates().Select(path => new FileInfo(path)).FirstOrDefault(file => file.Exists);

    /// <summary>The path as far as it is known.</summary>
    public override string ToString() => _path;

    private IEnumerable<string> Candidates() => _isWholePath ? [_path] : Extensions.Select(PathFor);
}
