using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace Apiframe.Emulator.Service;

/// <summary>Where the events of a job go, and which of them.</summary>
/// <param name="url">An absolute http or https URL.</param>
/// <param name="events">Null for those of a job's end.</param>
internal sealed class WebhookTarget(string url, IReadOnlyList<string>? events)
{
    public const string Progress = "progress";
    public const string Completed = "completed";
    public const string Failed = "failed";

    public Uri Url { get; } = new(url);

    /// <summary>Whether the URL leads to this machine. The emulator sends nothing anywhere else.</summary>
    public bool IsLoopback => Url.Host == "localhost" || (IPAddress.TryParse(Url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    public bool Wants(string name) => events?.Contains(name) ?? name is Completed or Failed;
}
