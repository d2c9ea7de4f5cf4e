using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Apiframe.Client.Save;

/// <summary>The target of an image whose format, and therefore its extension, is not known yet.</summary>
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

    /// <summary>Whether the name contains the ID of the job, so that a file with that name is the image of the job.</summary>
    public bool NamesJob { get; private init; }

    /// <summary>The folder of the target.</summary>
    public string Folder => Path.GetDirectoryName(_path)!;

    /// <summary>Creates a target with a specified name and extension.</summary>
    public static SaveTarget File(string path) => new(path, isWholePath: true);

    /// <summary>Creates a target whose extension depends on the content.</summary>
    public static SaveTarget InFolder(string folder, string baseName) => new(Path.Combine(folder, baseName), isWholePath: false);

    /// <summary>
    /// Creates a target with the default name of an image (<see cref="FileNames.BaseName(BananaJob, int)"/>). An image that was saved under another name with
    /// the same ID is also found, because the prompt is not always known, and so is the name of version 0.1.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="job">The job.</param>
    /// <param name="index">The index of the image in its job, from 0.</param>
    /// <param name="images">The images in the folder. If it is null, the folder is read.</param>
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

    /// <summary>Whether a path means a file instead of a folder: it has the extension of an image, and no such folder exists.</summary>
    public static bool IsFilePath(string path) =>
        !Directory.Exists(path) && (System.IO.File.Exists(path) || IsImageName(path));

    /// <summary>Whether a name has the extension of an image.</summary>
    public static bool IsImageName(string path) => Extensions.Append(".jpeg").Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Whether a name has the extension of an image format that is not supported.</summary>
    public static bool IsOtherImageName(string path) => OtherExtensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Returns the full path for content with this extension. A specified name with another format's extension gets the right one.</summary>
    public string PathFor(string extension) => !_isWholePath ? _path + extension : Fits(extension) ? _path : Path.ChangeExtension(_path, extension);

    /// <summary>Returns the message for an image that was saved beside its target, or null if it was not.</summary>
    public ApiframeException? Mismatch(FileInfo saved) => !_isWholePath || Fits(saved.Extension) ? null : Mismatch(saved.Extension, $"The image was saved as '{saved.FullName}'.");

    /// <summary>Whether content with this extension can have the specified name.</summary>
    internal bool Fits(string extension) => !_isWholePath || !IsImageName(_path) || Format(_path) == Format(extension);

    /// <summary>Returns the error for an image that cannot be saved beside its target.</summary>
    internal ApiframeException Mismatch(string extension) => Mismatch(extension, $"The image was not saved, because '{PathFor(extension)}' already exists.");

    /// <summary>Returns the existing file with this name, of any format and content, or null.</summary>
    public FileInfo? Existing() => Candidates().Select(path => new FileInfo(path)).FirstOrDefault(file => file.Exists);

    /// <summary>
    /// Returns the existing image with this name, or with another name that contains the job ID, or null. Files are read to their end.
    /// </summary>
    /// <remarks>
    /// A file that is not a complete image is ignored, and so is a symbolic link without a target. A file with the end of the ID, as version 0.1 named it, is
    /// ignored if its metadata contains another job, or if several jobs can have IDs with this end and the metadata is missing.
    /// </remarks>
    /// <exception cref="IOException">A file with that name cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to a file with that name is denied.</exception>
    public FileInfo? ExistingImage() => Candidates()
        .Concat(_sameJob())
        .Concat(_earlier().Where(_isEarlierImage))
        .Where(path => ImageFormat.OfWholeFile(path) is not null)
        .Select(path => new FileInfo(path))
        .FirstOrDefault();

    /// <summary>Returns whether there is a file that <see cref="ExistingImage"/> would read.</summary>
    public bool MayExist() => Candidates().Concat(_sameJob()).Concat(_earlier()).Any(System.IO.File.Exists);

    /// <summary>Returns the path as far as it is known.</summary>
    public override string ToString() => _path;

    private IEnumerable<string> Candidates() => _isWholePath ? [_path] : Extensions.Select(PathFor);

    private static string Format(string path) => Path.GetExtension(path).ToLowerInvariant().Replace(".jpeg", ".jpg");

    private ApiframeException Mismatch(string extension, string outcome) => new(
        ApiframeErrorKind.ImageFormatMismatch,
        $"The format of the image is {Format(extension).TrimStart('.')}, so the file cannot be named '{Path.GetFileName(_path)}'. {outcome}");
}
