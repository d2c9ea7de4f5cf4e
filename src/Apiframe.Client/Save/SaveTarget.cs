using System;
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
    private readonly string? _earlierPath;
    private readonly Func<string, bool> _isEarlierImage;

    private SaveTarget(string path, bool isWholePath, string? earlierPath = null, Func<string, bool>? isEarlierImage = null)
    {
        _path = path;
        _isWholePath = isWholePath;
        _earlierPath = earlierPath;
        _isEarlierImage = isEarlierImage ?? (_ => false);
    }

    /// <summary>The folder the file goes to.</summary>
    public string Folder => Path.GetDirectoryName(_path)!;

    /// <summary>A name that the user chose, extension and all.</summary>
    public static SaveTarget File(string path) => new(path, isWholePath: true);

    /// <summary>A name that gets its extension from the content.</summary>
    public static SaveTarget InFolder(string folder, string baseName) => new(Path.Combine(folder, baseName), isWholePath: false);

    /// <summary>The name that an image of a job has by itself (<see cref="FileNames.BaseName(BananaJob, int)"/>). The one that version 0.1 gave it is known too.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="job">The job.</param>
    /// <param name="index">Which of its images, from 0.</param>
    public static SaveTarget InFolder(string folder, BananaJob job, int index)
    {
        string? earlier = FileNames.EarlierName(job, index, out bool isShared);
        return new SaveTarget(
            Path.Combine(folder, FileNames.BaseName(job, index)),
            isWholePath: false,
            earlier is null ? null : Path.Combine(folder, earlier),
            path => ImageMetadata.Read(path) is { } told ? string.Equals(told.JobId, job.JobId, StringComparison.OrdinalIgnoreCase) : !isShared);
    }

    /// <summary>Whether a path means one file rather than a folder: it ends as an image does and no such folder is there.</summary>
    public static bool IsFilePath(string path) =>
        !Directory.Exists(path) && (System.IO.File.Exists(path) || IsImageName(path));

    /// <summary>Whether a name ends as an image's does.</summary>
    public static bool IsImageName(string path) => Extensions.Append(".jpeg").Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>The file's full path for content of this extension.</summary>
    public string PathFor(string extension) => _isWholePath ? _path : _path + extension;

    /// <summary>The file that is there already under this name, whatever its format and its content; null if none is.</summary>
    public FileInfo? Existing() => Candidates().Select(path => new FileInfo(path)).FirstOrDefault(file => file.Exists);

    /// <summary>The image that is there already under this name, or under the one that version 0.1 gave; null if none is. Files are read to their end.</summary>
    /// <remarks>
    /// A file that is not a whole image does not count, and neither does a symbolic link to nothing. A file of version 0.1 does not count if its metadata tells of
    /// another job, or if the ids of several jobs may end as this one's and no metadata tells whose it is.
    /// </remarks>
    /// <exception cref="IOException">A file of that name cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file of that name must not be read.</exception>
    public FileInfo? ExistingImage() => Candidates()
        .Concat(EarlierCandidates().Where(_isEarlierImage))
        .Where(path => ImageFormat.OfWholeFile(path) is not null)
        .Select(path => new FileInfo(path))
        .FirstOrDefault();

    /// <summary>Whether there is a file that <see cref="ExistingImage"/> would read.</summary>
    public bool MayExist() => Candidates().Concat(EarlierCandidates()).Any(System.IO.File.Exists);

    /// <summary>The path as far as it is known.</summary>
    public override string ToString() => _path;

    private IEnumerable<string> Candidates() => _isWholePath ? [_path] : Extensions.Select(PathFor);

    private IEnumerable<string> EarlierCandidates() => _earlierPath is null ? [] : Extensions.Select(extension => _earlierPath + extension);
}
