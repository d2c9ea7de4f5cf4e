using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Apiframe.Client.Save;

/// <summary>Where an image goes, while its format, and so its extension, is not known yet.</summary>
public sealed class SaveTarget
{
    private static readonly string[] Extensions = [".jpg", ".png", ".webp", ".gif"];

    private static readonly string[] OtherExtensions = [".avif", ".bmp", ".heic", ".heif", ".ico", ".jfif", ".jpe", ".jxl", ".psd", ".svg", ".tif", ".tiff"];

    private readonly string _path;
    private readonly bool _isWholePath;
    private readonly Func<IEnumerable<string>> _sameJob;
    private readonly Func<IEnumerable<string>> _earlier;
    private readonly Func<string, bool> _isEarlierImage;

    private SaveTarget(
        string path, bool isWholePath, Func<IEnumerable<string>>? sameJob = null, Func<IEnumerable<string>>? earlier = null, Func<string, bool>? isEarlierImage = null)
    {
        _path = path;
        _isWholePath = isWholePath;
        _sameJob = sameJob ?? (() => []);
        _earlier = earlier ?? (() => []);
        _isEarlierImage = isEarlierImage ?? (_ => false);
    }

    /// <summary>Whether the name has the job's ID in it, so that a file with that name is the job's own image.</summary>
    public bool NamesJob { get; private init; }

    /// <summary>The folder the file goes to.</summary>
    public string Folder => Path.GetDirectoryName(_path)!;

    /// <summary>A name that the user chose, extension and all.</summary>
    public static SaveTarget File(string path) => new(path, isWholePath: true);

    /// <summary>A name that gets its extension from the content.</summary>
    public static SaveTarget InFolder(string folder, string baseName) => new(Path.Combine(folder, baseName), isWholePath: false);

    /// <summary>
    /// The name that an image of a job has by itself (<see cref="FileNames.BaseName(BananaJob, int)"/>). An image that was saved under another name with the same ID is
    /// known too, because the prompt is not known each time; and so is the name that version 0.1 gave.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="job">The job.</param>
    /// <param name="index">Which of its images, from 0.</param>
    /// <param name="images">The images in the folder; they are read if not given.</param>
    public static SaveTarget InFolder(string folder, BananaJob job, int index, FolderImages? images = null)
    {
        images ??= new FolderImages(folder);
        string? earlier = FileNames.EarlierEnding(job, index, out bool isShared);
        return new SaveTarget(
            Path.Combine(folder, FileNames.BaseName(job, index)),
            isWholePath: false,
            () => FileNames.Endings(job, index).SelectMany(images.EndingIn),
            () => earlier is null ? [] : images.EndingIn(earlier),
            path => ImageMetadata.Read(path) is { } told ? string.Equals(told.JobId, job.JobId, StringComparison.OrdinalIgnoreCase) : !isShared)
        {
            NamesJob = true,
        };
    }

    /// <summary>Whether a path means one file rather than a folder: it ends as an image does and no such folder is there.</summary>
    public static bool IsFilePath(string path) =>
        !Directory.Exists(path) && (System.IO.File.Exists(path) || IsImageName(path));

    /// <summary>Whether a name ends as an image's does.</summary>
    public static bool IsImageName(string path) => Extensions.Append(".jpeg").Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Whether a name ends as that of an image in a format that is not saved here.</summary>
    public static bool IsOtherImageName(string path) => OtherExtensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>The file's full path for content of this extension. A name that was chosen for another format gets the right extension.</summary>
    public string PathFor(string extension) => !_isWholePath ? _path + extension : Fits(extension) ? _path : Path.ChangeExtension(_path, extension);

    /// <summary>The message for the user if an image was saved beside its target; null if it was not.</summary>
    public ApiframeException? Mismatch(FileInfo saved) => !_isWholePath || Fits(saved.Extension) ? null : Mismatch(saved.Extension, $"It was saved as '{saved.FullName}'.");

    /// <summary>Whether content of this extension can have the name that was chosen.</summary>
    internal bool Fits(string extension) => !_isWholePath || !IsImageName(_path) || Format(_path) == Format(extension);

    /// <summary>The message for the user if an image cannot be saved beside its target.</summary>
    internal ApiframeException Mismatch(string extension) => Mismatch(extension, $"It was not saved, because '{PathFor(extension)}' already exists.");

    /// <summary>The file that already exists under this name, whatever its format and its content; null if none is.</summary>
    public FileInfo? Existing() => Candidates().Select(path => new FileInfo(path)).FirstOrDefault(file => file.Exists);

    /// <summary>The image that already exists under this name, or under another one with the job's ID; null if none is. Files are read to their end.</summary>
    /// <remarks>
    /// A file that is not a whole image does not count, and neither does a symbolic link to nothing. A file with the end of the ID, as version 0.1 named it, does not count if its metadata tells of
    /// another job, or if the ids of several jobs may end as this one's and no metadata tells whose it is.
    /// </remarks>
    /// <exception cref="IOException">A file of that name cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file of that name must not be read.</exception>
    public FileInfo? ExistingImage() => Candidates()
        .Concat(_sameJob())
        .Concat(_earlier().Where(_isEarlierImage))
        .Where(path => ImageFormat.OfWholeFile(path) is not null)
        .Select(path => new FileInfo(path))
        .FirstOrDefault();

    /// <summary>Whether there is a file that <see cref="ExistingImage"/> would read.</summary>
    public bool MayExist() => Candidates().Concat(_sameJob()).Concat(_earlier()).Any(System.IO.File.Exists);

    /// <summary>The path as far as it is known.</summary>
    public override string ToString() => _path;

    private IEnumerable<string> Candidates() => _isWholePath ? [_path] : Extensions.Select(PathFor);

    private static string Format(string path) => Path.GetExtension(path).ToLowerInvariant().Replace(".jpeg", ".jpg");

    private ApiframeException Mismatch(string extension, string outcome) => new(
        ApiframeErrorKind.ImageFormatMismatch,
        $"The format of the image is {Format(extension).TrimStart('.')}, so it cannot be named '{Path.GetFileName(_path)}'. {outcome}");
}
