using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace Apiframe.Emulator.Webhooks;

/// <summary>Where the events of a job go, and which of them.</summary>
internal sealed class WebhookTarget
{
    public const string Progress = "progress";
    public const string Completed = "completed";
    public const string Failed = "failed";

    private readonly IReadOnlyList<string> _events;

    /// <param name="url">An absolute http or https URL.</param>
    /// <param name="events">Null for those of a job's end.</param>
    public WebhookTarget(string url, IReadOnlyList<string>? events)
    {
        Url = new Uri(url);
        _events = events ?? [Completed, Failed];
    }

    public Uri Url { get; }

    /// <summary>Whether the URL leads to this machine. The emulator sends nothing anywhere else.</summary>
    public bool IsLoopback => Url.Host == "localhost" || (IPAddress.TryParse(Url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    public bool Wants(string name) => _events.Contains(name);
}
