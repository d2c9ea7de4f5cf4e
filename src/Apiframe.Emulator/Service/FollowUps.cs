using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Apiframe.Emulator.Pictures;

namespace Apiframe.Emulator.Service;

/// <summary>A model that edits an image.</summary>
/// <param name="Id">The name of the model.</param>
/// <param name="ParamsName">The field with its parameters.</param>
/// <param name="Parameters">The parameters except <c>image</c>, which each of these models requires.</param>
/// <param name="DraftOf">Creates a job from a request and the image that it refers to.</param>
internal sealed record FollowUpModel(
    string Id, string ParamsName, Dictionary<string, Check> Parameters, Func<JobRequest, PriceList, Func<ulong, Scene>, Draft> DraftOf)
{
    public RequestSchema Schema { get; } = new(
        WebhookTarget.Fields.Append(("model", Checks.OneOf(Id))).ToDictionary(field => field.Item1, field => field.Item2),
        ["model", ParamsName],
        ParamsName,
        new Dictionary<string, Check>(Parameters) { [FollowUps.Image] = Checks.Url },
        FollowUps.Image);
}

/// <summary><c>POST /v2/images/upscale</c> and <c>POST /v2/images/background-remove</c>: edits of existing images.</summary>
/// <param name="probes">Whether the image is checked before the job is accepted. Otherwise, a job with a missing image fails.</param>
/// <param name="prices">The prices of the models.</param>
/// <param name="sources">The existing images.</param>
/// <param name="models">The models that the endpoint accepts.</param>
internal sealed class FollowUps(bool probes, PriceList prices, SourceImages sources, params FollowUpModel[] models) : ISubmissions
{
    public const string Image = "image";

    public const string Topaz = "topaz-image-upscale";
    public const string Clarity = "clarity-upscale";
    public const string Bria = "bria-bg-remove";
    public const string Lab851 = "851-bg-remove";

    private const double UsualFactor = 2;
    private const int PixelsOfAStep = 16_000_000;
    private const int MostPixels = 512_000_000;

    public static FollowUpModel[] Upscalers { get; } =
    [
        new(
            Topaz,
            "topazUpscaleParams",
            new()
            {
                ["upscale_factor"] = Checks.OneOf(1, 2, 4, 6),
                ["model_type"] = Checks.OneOf("standard-v2", "low-res-v2", "cgi", "high-fidelity-v2", "text-refine", "redefine"),
                ["face_enhance"] = Checks.Flag,
                ["face_enhance_strength"] = Checks.Range(0, 1),
                ["face_enhance_creativity"] = Checks.Range(0, 1),
                ["output_format"] = Checks.OneOf("jpg", "png"),
                ["seed"] = Checks.Whole,
            },
            (request, prices, source) => Upscaled(request, source, "upscale_factor", size => prices.Of(TopazCost(size)))),
        new(
            Clarity,
            "clarityUpscaleParams",
            new()
            {
                ["prompt"] = Checks.LimitedText,
                ["negative_prompt"] = Checks.LimitedText,
                ["scale_factor"] = Checks.OneOf(1, 2, 4, 8),
                ["creativity"] = Checks.Range(0, 1),
                ["resemblance"] = Checks.Range(0, 3),
                ["dynamic"] = Checks.Range(1, 50),
                ["num_inference_steps"] = Checks.Both(Checks.Whole, Checks.Range(1, 100)),
                ["sharpen"] = Checks.Range(0, 10),
                ["output_format"] = Checks.OneOf("png", "jpg", "webp"),
                ["seed"] = Checks.Whole,
            },
            (request, prices, source) => Upscaled(request, source, "scale_factor", _ => prices.Of(PriceList.Clarity))),
    ];

    public static FollowUpModel[] BackgroundRemovers { get; } =
    [
        new(
            Bria,
            "briaBgRemoveParams",
            new() { ["content_moderation"] = Checks.Flag },
            (_, prices, source) => new Draft(prices.Of(PriceList.Bria), "png", seed => source(seed) with { Backdrop = Backdrop.Transparent })),
        new(
            Lab851,
            "lab851BgRemoveParams",
            new()
            {
                ["format"] = Checks.OneOf("png", "jpg"),
                ["threshold"] = Checks.Range(0, 1),
                ["background_type"] = Checks.OneOf("rgba", "map", "green", "white", "blur", "overlay"),
                ["reverse"] = Checks.Flag,
            },
            (request, prices, source) => new Draft(
                prices.Of(PriceList.Lab851),
                request.Text("format") ?? "png",
                seed => source(seed) with { Backdrop = BackdropOf(request.Text("background_type")), IsReversed = request.Is("reverse") })),
    ];

    /// <summary>The cost of the largest image that Topaz creates.</summary>
    public static int TopazMost => PriceList.TopazStep * MostPixels / PixelsOfAStep;

    public RequestSchema? SchemaOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String
            ? Array.Find(models, one => model.ValueEquals(one.Id))?.Schema
            : null;

    public IEnumerable<(string Path, string Error)> ErrorsWithoutSchema(JsonElement body) =>
        body.ValueKind != JsonValueKind.Object ? [(Checks.Body, "Must be an object")]
        : body.TryGetProperty("model", out var model) ? Checks.OneOf([.. models.Select(one => one.Id)])("model", model)
        : [("model", "Required")];

    public Draft DraftOf(JobRequest request)
    {
        var model = Array.Find(models, one => one.Id == request.Model);
        var url = request.Text(Image)!;
        if (sources.SceneAt(url) is { } source)
        {
            return model.DraftOf(request, prices, source);
        }

        var draft = model.DraftOf(request, prices, seed => new Scene(seed, PictureSize.For(null, null)));
        return probes
            ? draft with { Refusal = JsonResponse.Invalid(($"{request.ParamsName}.{Image}", "The image could not be fetched")) }
            : draft with { Error = SourceImages.NotFetched(url) };
    }

    private static Draft Upscaled(JobRequest request, Func<ulong, Scene> source, string factorName, Func<PictureSize, int> cost)
    {
        var size = source(0).Size.Times((int)(request.Number(factorName) ?? UsualFactor));
        var extension = request.Text("output_format") ?? "png";
        var isTooLarge = size.Pixels > MostPixels || Math.Max(size.Width, size.Height) > PictureSize.LongestSide(extension);
        return new Draft(
            isTooLarge ? 0 : cost(size),
            extension,
            seed => source(seed) with { Size = size },
            Refusal: isTooLarge ? JsonResponse.Invalid(($"{request.ParamsName}.{factorName}", "The image would be too large")) : null);
    }

    private static int TopazCost(PictureSize size) => PriceList.TopazStep * (int)((size.Pixels + PixelsOfAStep - 1) / PixelsOfAStep);

    private static Backdrop BackdropOf(string? type) => type switch
    {
        "map" => Backdrop.Map,
        "green" => Backdrop.Green,
        "white" => Backdrop.White,
        "blur" => Backdrop.Blurred,
        "overlay" => Backdrop.Overlaid,
        _ => Backdrop.Transparent,
    };
}
