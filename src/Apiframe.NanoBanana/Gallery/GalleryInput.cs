using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using Apiframe.Client;
using Apiframe.Client.Save;
using Apiframe.Gallery;
using Apiframe.NanoBanana.Binding;

namespace Apiframe.NanoBanana;

/// <summary>
/// Converts the input of a gallery to items: files, folders, paths, jobs, errors about jobs, and any of these that were read from JSON, CLIXML, or CSV.
/// </summary>
internal sealed class GalleryInput
{
    private readonly PathIntrinsics _paths;
    private readonly Action<string> _log;

    /// <param name="paths">The paths of the session, whose location differs from the current folder of the process.</param>
    /// <param name="log">Receives what is omitted, and why.</param>
    public GalleryInput(PathIntrinsics paths, Action<string> log)
    {
        _paths = paths;
        _log = log;
    }

    /// <summary>Returns the items of one object.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: a gallery cannot show the object, or it cannot be read.</exception>
    public IEnumerable<GalleryItem> Items(PSObject input) => input.BaseObject switch
    {
        FileInfo file => Image(file, Job(input.Properties["Job"]?.Value)),
        DirectoryInfo folder => Folder(folder),
        string path => Path(path),
        BananaJob job => [GalleryItem.WithoutImage(job)],
        IContainsErrorRecord { ErrorRecord: { } error } => Failed(error.TargetObject, error.Exception.Message),
        ErrorRecord error => Failed(error.TargetObject, error.Exception.Message),
        _ => Values(input),
    };

    private IEnumerable<GalleryItem> Path(string path)
    {
        string literal = FilePaths.Literal(_paths, path, out string? problem);
        if (problem is null && Directory.Exists(literal))
        {
            return Folder(new DirectoryInfo(literal));
        }

        IReadOnlyList<string> files = FilePaths.Matching(_paths, path, out problem);
        return problem is null ? files.SelectMany(file => Image(new FileInfo(file), job: null)) : throw Invalid(problem);
    }

    private IEnumerable<GalleryItem> Folder(DirectoryInfo folder) =>
        folder.GetFiles().Where(file => !PartialFile.IsPartial(file.Name)).OrderBy(file => file.Name, StringComparer.Ordinal).SelectMany(file => Image(file, job: null));

    /// <summary>Returns no item for a file that is not an image and does not have the name of one, because folders also contain metadata, lists, and earlier galleries.</summary>
    private IEnumerable<GalleryItem> Image(FileInfo file, BananaJob? job)
    {
        if (!file.Exists)
        {
            throw Invalid($"'{file.FullName}' does not exist. Check the path.");
        }

        if (FormatOf(file) is not null)
        {
            return [GalleryItem.Image(file, job ?? ImageMetadata.Read(file.FullName))];
        }

        if (SaveTarget.IsImageName(file.Name))
        {
            throw Invalid($"'{file.FullName}' is not a PNG, JPEG, WebP, or GIF file, although its name suggests an image. Remove the file from the input.");
        }

        _log($"'{file.FullName}' was omitted because it is not an image.");
        return [];
    }

    private static IEnumerable<GalleryItem> Failed(object? target, string reason) => (target is PSObject wrapped ? wrapped.BaseObject : target) switch
    {
        BananaJob job => [GalleryItem.WithoutImage(job, reason)],
        SubmitRequest request => [GalleryItem.WithoutJob(request, reason)],
        IEnumerable<SubmitRequest> requests => requests.Select(request => GalleryItem.WithoutJob(request, reason)),
        string id => [GalleryItem.WithoutImage(BananaJob.FromRecord(id), reason)],
        _ => throw Invalid($"The error does not refer to a job or a prompt: {reason}"),
    };

    /// <summary>Returns the items of an object that was a file or a job before it was written to a file or sent to another process.</summary>
    private IEnumerable<GalleryItem> Values(PSObject values)
    {
        if (Value<string>(values, "FullName") is { Length: > 0 } path)
        {
            return Image(new FileInfo(path), Job(values.Properties["Job"]?.Value));
        }

        return Job(values) is { } job ? [GalleryItem.WithoutImage(job)]
            : throw Invalid($"'{values}' is of type {values.BaseObject.GetType().Name}. Pipe files, folders, or jobs.");
    }

    private static BananaJob? Job(object? value)
    {
        if (value is null || PSObject.AsPSObject(value) is not { } values || values.BaseObject is BananaJob)
        {
            return (value as PSObject)?.BaseObject as BananaJob ?? value as BananaJob;
        }

        return Value<string>(values, "JobId") is not { Length: > 0 } id ? null : BananaJob.FromRecord(
            id,
            Value<string>(values, "Status"),
            Value<string>(values, "Prompt"),
            Options(values),
            Value<string>(values, "Error"),
            Value<decimal?>(values, "CreditCost"),
            Value<DateTimeOffset?>(values, "CreatedAt"),
            Value<DateTimeOffset?>(values, "CompletedAt"));
    }

    private static ImageOptions Options(PSObject values)
    {
        var options = new ImageOptions();
        foreach (PropertyInfo option in typeof(ImageOptions).GetProperties().Where(option => option.CanWrite))
        {
            bool isList = option.PropertyType == typeof(IReadOnlyList<string>);
            Type type = isList ? typeof(string[]) : option.PropertyType;
            object? value = values.Properties[option.Name]?.Value;
            value = isList && value is string cell ? CellList.Parts(cell) : value;
            if (value is not (null or "") && LanguagePrimitives.TryConvertTo(value, type, CultureInfo.InvariantCulture, out object read))
            {
                option.SetValue(options, read);
            }
        }

        return options;
    }

    /// <summary>Returns a property if it can be converted to the type. An empty CSV cell counts as missing.</summary>
    private static T? Value<T>(PSObject values, string name) =>
        values.Properties[name]?.Value is { } value && value is not "" && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out T result)
            ? result
            : default;

    private static ImageFormat? FormatOf(FileInfo file)
    {
        try
        {
            using FileStream stream = file.OpenRead();
            return ImageFormat.Of(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"'{file.FullName}' cannot be read: {e.Message}");
        }
    }

    private static ApiframeException Invalid(string message) => new(ApiframeErrorKind.InvalidRequest, message);
}
