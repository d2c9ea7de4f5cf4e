using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>What a user may give as a reference image, as URLs and full paths: text, wildcards, files, uploads and finished jobs.</summary>
internal sealed class ReferenceResolver
{
    private readonly PathIntrinsics _paths;
    private readonly string _name;

    /// <param name="paths">The session's, because its location is not the process's.</param>
    /// <param name="name">What the caller calls the references, for errors.</param>
    public ReferenceResolver(PathIntrinsics paths, string name)
    {
        _paths = paths;
        _name = name;
    }

    /// <summary>The URLs and full paths.</summary>
    /// <exception cref="ApiframeException">One of them is none of this, is not finished, or no file matches it.</exception>
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
                $"{value} is of type {value.GetType().Name}. Specify a URL, a path, a file, an upload from Send-BananaFile, or a completed job.")),
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
        return problem is null ? files : throw Invalid(problem);
    }

    /// <summary>Of an object that went through JSON, CLIXML or CSV.</summary>
    private static string? Property(object reference, params string[] names) => names
        .Select(name => PSObject.AsPSObject(reference).Properties[name]?.Value?.ToString())
        .FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));

    private ApiframeException Invalid(string message) => ApiframeException.NotSent($"{_name} {message}");
}
