using System;
using Apiframe.Client.Tests.Fakes;
using System.Text;

namespace Simulation.Outside;

/// <summary>A job of the service. All times are those of the world; the service tells them by its own clock.</summary>
internal sealed class ServiceJob
{
    private byte[]? _image;

    public required string Id { get; init; }

    public required string Prompt { get; init; }

    /// <summary>The options as they came, as JSON; null if there were none.</summary>
    public required string? Options { get; init; }

    public required string? Key { get; init; }

    /// <summary>What the service compares if the key comes again.</summary>
    public required string Body { get; init; }

    public required TimeSpan CreatedAt { get; init; }

    public required TimeSpan EndsAt { get; init; }

    /// <summary>How it ends.</summary>
    public required string Outcome { get; init; }

    /// <summary>Whether its credits are given back when it ends without an image.</summary>
    public required bool IsRefundable { get; init; }

    /// <summary>Until when a part of the service has not heard of it.</summary>
    public required TimeSpan KnownFrom { get; init; }

    /// <summary>When its image can be downloaded.</summary>
    public required TimeSpan StoredFrom { get; init; }

    public Uri Url => new($"https://cdn.sim.example/{Id}.png");

    public byte[] Image => _image ??= SampleImages.PngOf(Encoding.ASCII.GetBytes($"{Id} {Prompt} ".PadRight(100 + (Id[0] * 3), '.')));

    public string StatusAt(TimeSpan now) => now >= EndsAt ? Outcome : now >= CreatedAt + ((EndsAt - CreatedAt) / 4) ? "PROCESSING" : "QUEUED";

    /// <summary>Whether somebody pays for it.</summary>
    public bool IsBilledAt(TimeSpan now) => now < EndsAt || !IsRefundable;
}
