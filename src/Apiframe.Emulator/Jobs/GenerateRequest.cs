using System.Collections.Generic;
using Apiframe.Emulator.Webhooks;

namespace Apiframe.Emulator.Jobs;

/// <summary>A generate request that has passed validation.</summary>
internal sealed class GenerateRequest
{
    public required string Model { get; init; }

    public string? Resolution { get; init; }

    public string? AspectRatio { get; init; }

    public string FileExtension { get; init; } = "jpg";

    /// <summary>The URLs of the reference images.</summary>
    public IReadOnlyList<string> ImageInput { get; init; } = [];

    /// <summary>Who is to be told of the job; null for nobody.</summary>
    public WebhookTarget? Webhook { get; init; }

    /// <summary>The <c>input</c> echo of the job, as UTF-8 JSON.</summary>
    public required byte[] InputJson { get; init; }

    /// <summary>Equal for bodies that say the same, whatever the order of their members and their white space.</summary>
    public required string Fingerprint { get; init; }
}
