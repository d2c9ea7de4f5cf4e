using System.Collections.Generic;

namespace Apiframe.Client;

/// <summary>One model of the service's public catalogue, <c>GET /v2/models</c>.</summary>
/// <remarks>The id is called <see cref="Model"/> as it is for jobs and as the cmdlets' parameter is, so a model binds wherever one is asked for.</remarks>
public sealed class BananaModel
{
    /// <summary>The modalities that are known. The service may add others.</summary>
    public static IReadOnlyList<string> KnownModalities { get; } = ["image", "video", "music"];

    /// <summary>The model's id, for example <c>nano-banana-2</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The model's name for people; null if the service does not say.</summary>
    public string? Label { get; init; }

    /// <summary>One of <see cref="KnownModalities"/>, or a newer one; null if the service does not say.</summary>
    public string? Modality { get; init; }

    /// <summary>What the service says about the model, or null.</summary>
    public string? Description { get; init; }

    /// <summary><c>flat</c>, <c>per-second</c>, <c>per-output</c> or a newer one; null if the service does not say.</summary>
    public string? PricingMode { get; init; }

    /// <summary>The least that one use costs, in credits; null if the service does not say. What a job did cost is its <see cref="BananaJob.CreditCost"/>.</summary>
    public decimal? CostMin { get; init; }

    /// <summary>The most that one use costs, in credits; null if the service does not say.</summary>
    public decimal? CostMax { get; init; }

    /// <summary>The model's entry as it came, for the fields that the service has announced to add.</summary>
    public string? RawJson { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Model;
}
