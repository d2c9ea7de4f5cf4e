using System.Collections.Generic;

namespace Apiframe.Client;

/// <summary>A model from the public list of the service, <c>GET /v2/models</c>.</summary>
/// <remarks>The ID is in the property <see cref="Model"/>, as in jobs and in the parameters of the cmdlets, so a model binds to these parameters.</remarks>
public sealed class BananaModel
{
    /// <summary>The known modalities. The service can add others.</summary>
    public static IReadOnlyList<string> KnownModalities { get; } = ["image", "video", "music"];

    /// <summary>The ID of the model, for example <c>nano-banana-2</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The display name of the model, or null.</summary>
    public string? Label { get; init; }

    /// <summary>One of <see cref="KnownModalities"/>, or a newer modality, or null.</summary>
    public string? Modality { get; init; }

    /// <summary>The description of the model, or null.</summary>
    public string? Description { get; init; }

    /// <summary><c>flat</c>, <c>per-second</c>, <c>per-output</c>, or a newer mode, or null.</summary>
    public string? PricingMode { get; init; }

    /// <summary>The lowest price of one use in credits, or null. The actual cost of a job is its <see cref="BananaJob.CreditCost"/>.</summary>
    public decimal? CostMin { get; init; }

    /// <summary>The highest price of one use in credits, or null.</summary>
    public decimal? CostMax { get; init; }

    /// <summary>The JSON of the model, for fields without a property.</summary>
    public string? RawJson { get; init; }

    /// <summary>Returns the ID.</summary>
    public override string ToString() => Model;
}
