using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Apiframe.Client;
using Apiframe.Client.Save;

namespace Apiframe.NanoBanana;

/// <summary>Where the images of one call go: into a folder, each under a name of its own, or one image to one file.</summary>
internal sealed class SavePlan
{
    private readonly string _path;
    private readonly bool _isFile;
    private readonly Func<object, string?> _fileName;
    private readonly bool _numbersNames;
    private readonly FolderImages _images;
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="path">A folder or a file, as a full path.</param>
    /// <param name="isFile">Whether it is a file.</param>
    /// <param name="fileName">The file name that the user wants for a job or a URL; null or blank for the usual one.</param>
    /// <param name="numbersNames">Whether the number of a job, if it has one, stands behind the file name that the user wants.</param>
    public SavePlan(string path, bool isFile, Func<object, string?> fileName, bool numbersNames = false)
    {
        _numbersNames = numbersNames;
        _images = new FolderImages(path);
        _path = path;
        _isFile = isFile;
        _fileName = fileName;
    }

    /// <summary>The images of a completed job.</summary>
    /// <exception cref="ApiframeException">The job has no image, or the file name cannot be one.</exception>
    public IReadOnlyList<ImageToSave> Images(BananaJob job, ImageDownloader downloader)
    {
        job.EnsureCompleted();
        return Enumerable.Range(0, job.ImageUrls.Count).Select(index =>
        {
            SaveTarget target = Target(ChosenName(job, index)) ?? SaveTarget.InFolder(_path, job, index, _images);
            return new ImageToSave(job, index, target, (existing, token) => downloader.SaveAsync(job, index, target, existing, token));
        }).ToList();
    }

    /// <summary>The image at a URL.</summary>
    /// <exception cref="ApiframeException">It is not an absolute http or https URL, or the file name cannot be one.</exception>
    public ImageToSave Image(Uri uri, ImageDownloader downloader)
    {
        Uri url = WebUrl.Parse(uri.OriginalString) ?? throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"'{uri}' is not an absolute http or https URL, such as https://example.com/kite.png.");
        SaveTarget target = Target(ChosenName(url, index: 0) ?? FileNames.BaseName(url))!;
        return new ImageToSave(url, 0, target, (existing, token) => downloader.SaveAsync(url, target, existing, token));
    }

    /// <summary>Reserves the image's target for it. False if another image of this call has it: not even -Force lets one image of a call replace another.</summary>
    public bool TryTake(ImageToSave image) => _taken.Add(image.Target.ToString());

    private string? ChosenName(object source, int index)
    {
        string? name = _fileName(source);
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        string number = _numbersNames && source is BananaJob { Number: { } of } ? "-" + of.ToString(CultureInfo.InvariantCulture) : string.Empty;
        return FileNames.BaseName(name!, index) is { } chosen ? chosen + number
            : throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"FileName '{name}' contains no character that is allowed in a file name.");
    }

    /// <summary>Null for an image that has neither a chosen name nor a file to go to.</summary>
    private SaveTarget? Target(string? baseName) =>
        _isFile ? SaveTarget.File(_path) : baseName is null ? null : SaveTarget.InFolder(_path, baseName);
}
