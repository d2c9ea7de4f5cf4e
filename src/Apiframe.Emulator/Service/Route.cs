using System;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

internal enum Endpoint
{
    /// <summary>An unknown path.</summary>
    None,
    Generate,
    Upscale,
    RemoveBackground,
    Uploads,
    Jobs,
    Job,
    Account,
    Models,
    File,
}

/// <summary>A request and its endpoint. Paths are interpreted only here.</summary>
/// <param name="Request">The request.</param>
/// <param name="Endpoint">The endpoint, regardless of the method.</param>
/// <param name="Name">The end of the path: the ID of a job, or the name of a file. Empty for other endpoints.</param>
internal sealed record Route(HttpRequest Request, Endpoint Endpoint, string Name = "")
{
    public const string FilesPath = "/files/";

    private const string JobPath = "/v2/jobs/";

    /// <summary>The only method that the endpoint accepts.</summary>
    public string Method => Endpoint is Endpoint.Generate or Endpoint.Upscale or Endpoint.RemoveBackground or Endpoint.Uploads ? "POST" : "GET";

    public bool HasRightMethod => Request.Method == Method;

    public bool NeedsKey => Endpoint is not (Endpoint.File or Endpoint.Models);

    public static Route Of(HttpRequest request) => request.Path switch
    {
        "/v2/images/generate" => new(request, Endpoint.Generate),
        "/v2/images/upscale" => new(request, Endpoint.Upscale),
        "/v2/images/background-remove" => new(request, Endpoint.RemoveBackground),
        "/v2/uploads" => new(request, Endpoint.Uploads),
        "/v2/jobs" => new(request, Endpoint.Jobs),
        "/v2/me" => new(request, Endpoint.Account),
        "/v2/models" => new(request, Endpoint.Models),
        var path when NameAfter(FilesPath, path) is { } file => new(request, Endpoint.File, file),
        var path when NameAfter(JobPath, path) is { Length: > 0 } job && job.IndexOf('/') < 0 => new(request, Endpoint.Job, job),
        _ => new(request, Endpoint.None),
    };

    private static string? NameAfter(string start, string path) =>
        path.StartsWith(start, StringComparison.Ordinal) ? path.Substring(start.Length) : null;
}
