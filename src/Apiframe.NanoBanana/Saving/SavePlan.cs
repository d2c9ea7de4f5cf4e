using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Apiframe.Client;
using Apiframe.Client.Save;

namespace Apiframe.NanoBanana;

/// <summary>The targets of the images of one call: a folder, in which each image has its own name, or one file for one image.</summary>
internal sealed class SavePlan
{
    private readonly string _path;
    private readonly bool _isFile;
    private readonly Func<object, string?> _fileName;
    private readonly bool _numbersNames;
    private readonly FolderImages _images;
    private readonly HashSet<Guid> _taken = [];

    /// <param name="path">The full path of a folder or a file.</param>
    /// <param name="isFile">Whether the path is a file.</param>
    /// <param name="fileName">Returns the file name that the user specified for a job or a URL. Null or empty for the default name.</param>
    /// <param name="numbersNames">Whether the number of a job, if it has one, is appended to the specified file name.</param>
    public SavePlan(string path, bool isFile, Func<object, string?> fileName, bool numbersNames = false)
    {
        _numbersNames = numbersNames;
        _images = new FolderImages(path);
        _path = path;
        _isFile = isFile;
        _fileName = fileName;
    }

    /// <summary>Returns the images of a completed job.</summary>
    /// <exception cref="ApiframeException">The job has no image, or the file name is not valid.</exception>
    public IReadOnlyList<ImageToSave> Images(BananaJob job, ImageDownloader downloader)
    {
        job.EnsureCompleted();
        return Enumerable.Range(0, job.ImageUrls.Count).Select(index =>
        {
            SaveTarget target = Target(ChosenName(job, index)) ?? SaveTarget.InFolder(_path, job, index, _images);
            return new ImageToSave(job, index, target, (existing, token) => downloader.SaveAsync(job, index, target, existing, token));
        }).ToList();
    }

    /// <summary>Returns the image at a URL.</summary>
    /// <exception cref="ApiframeException">It is not an absolute HTTP or HTTPS URL, or the file name is not valid.</exception>
    public ImageToSave Image(Uri uri, ImageDownloader downloader)
    {
        Uri url = WebUrl.Parse(uri.OriginalString) ?? throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"'{uri}' is not an absolute http or https URL. Use a URL such as https://example.com/kite.png.");
        SaveTarget target = Target(ChosenName(url, index: 0) ?? FileNames.BaseName(url))!;
        return new ImageToSave(url, 0, target, (existing, token) => downloader.SaveAsync(url, target, existing, token));
    }

    /// <summary>
    /// Reserves the target of an image. Returns false if another image of this call has the same target. Even with -Force, an image must not replace another
    /// image of the same call.
    /// </summary>
    public bool TryTake(ImageToSave image) => _taken.Add(TextHash.Of(image.Target.ToString().ToUpperInvariant()));

    private string? ChosenName(object source, int index)
    {
        string? name = _fileName(source);
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        string number = _numbersNames && source is BananaJob { Number: { } of } ? "-" + of.ToString(CultureInfo.InvariantCulture) : string.Empty;
        return FileNames.BaseName(name!, index) is { } chosen ? chosen + number
            : throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"FileName '{name}' contains no character that is allowed in a file name. Use letters and digits.");
    }

    /// <summary>Returns the target, or null for an image without a specified name or file.</summary>
    private SaveTarget? Target(string? baseName) =>
        _isFile ? SaveTarget.File(_path) : baseName is null ? null : SaveTarget.InFolder(_path, baseName);
}
