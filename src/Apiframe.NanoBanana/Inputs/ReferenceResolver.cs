using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>Converts reference images to URLs and full paths: text, wildcards, files, uploads, and finished jobs.</summary>
internal sealed class ReferenceResolver
{
    private readonly PathIntrinsics _paths;
    private readonly string _name;

    /// <param name="paths">The paths of the session, whose location differs from the current folder of the process.</param>
    /// <param name="name">The name of the parameter, for errors.</param>
    public ReferenceResolver(PathIntrinsics paths, string name)
    {
        _paths = paths;
        _name = name;
    }

    /// <summary>Returns the URLs and full paths.</summary>
    /// <exception cref="ApiframeException">A reference has another type, is a job that is not finished, or matches no file.</exception>
    public IReadOnlyList<string> Resolve(IEnumerable<object> references) => references.SelectMany(Resolve).ToList();

    private IReadOnlyList<string> Resolve(object reference)
    {
        object value = reference is PSObject wrapped ? wrapped.BaseObject : reference;
        return value switch
        {
            string text => ResolveText(text),
            Uri url => [url.OriginalString],
            FileInfo file => [file.FullName],
            BananaUpload upload => [upload.Url.AbsoluteUri],
            BananaJob job => ImageOf(job),
            _ => ResolveText(Property(reference, "ImageUrl", "Url", "FullName") ?? throw Invalid(
                $"'{value}' is of type {value.GetType().Name}. Specify a URL, a path, a file, an upload from Send-BananaFile, or a completed job.")),
        };
    }

    private static string[] ImageOf(BananaJob job)
    {
        job.EnsureCompleted();
        return [job.ImageUrls[0].AbsoluteUri];
    }

    private IReadOnlyList<string> ResolveText(string text)
    {
        if (text.Contains("://"))
        {
            return [text];
        }

        IReadOnlyList<string> files = FilePaths.Matching(_paths, text, out string? problem);
        return problem is null ? files : throw Invalid(problem + " Check the path.");
    }

    /// <summary>Returns a property of an object that was read from JSON, CLIXML, or CSV.</summary>
    private static string? Property(object reference, params string[] names) => names
        .Select(name => PSObject.AsPSObject(reference).Properties[name]?.Value?.ToString())
        .FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));

    private ApiframeException Invalid(string message) => ApiframeException.NotSent($"{_name} {message}");
}
