using System;
using Apiframe.Client.Tests.Fakes;
using System.Text;

namespace Simulation.Outside;

/// <summary>A job of the service. All times are times of the world. The service converts them to its own clock.</summary>
internal sealed class ServiceJob
{
    private byte[]? _image;

    public required string Id { get; init; }

    public required string Prompt { get; init; }

    /// <summary>The options of the request as JSON, or null if there were none.</summary>
    public required string? Options { get; init; }

    public required string? Key { get; init; }

    /// <summary>The text that the service compares if the key is sent again.</summary>
    public required string Body { get; init; }

    /// <summary>The API key that submitted the job, which signs its webhooks.</summary>
    public required string ApiKey { get; init; }

    /// <summary>The events that are sent to the webhook of the job. Empty if it has none.</summary>
    public required string[] WebhookEvents { get; init; }

    public required TimeSpan CreatedAt { get; init; }

    public required TimeSpan EndsAt { get; init; }

    public required string Outcome { get; init; }

    /// <summary>Whether the credits are refunded if the job ends without an image.</summary>
    public required bool IsRefundable { get; init; }

    /// <summary>The time until which a part of the service does not find the job.</summary>
    public required TimeSpan KnownFrom { get; init; }

    /// <summary>The time from which the image can be downloaded.</summary>
    public required TimeSpan StoredFrom { get; init; }

    public Uri Url => new($"https://cdn.sim.example/{Id}.png");

    public byte[] Image => _image ??= SampleImages.PngOf(Encoding.ASCII.GetBytes($"{Id} {Prompt} ".PadRight(100 + (Id[0] * 3), '.')));

    public string StatusAt(TimeSpan now) => now >= EndsAt ? Outcome : now >= CreatedAt + ((EndsAt - CreatedAt) / 4) ? "PROCESSING" : "QUEUED";

    public bool IsBilledAt(TimeSpan now) => now < EndsAt || !IsRefundable;
}
