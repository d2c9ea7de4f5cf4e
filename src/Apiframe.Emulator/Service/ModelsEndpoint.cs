using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary><c>GET /v2/models</c>, the only endpoint of the service that needs no key.</summary>
internal sealed class ModelsEndpoint(PriceList prices)
{
    private static readonly (string Id, string Label, string Description)[] Family =
    [
        ("nano-banana", "Nano Banana", "Fast composition and editing."),
        ("nano-banana-pro", "Nano Banana Pro", "Accurate text in images, up to 4K."),
        ("nano-banana-2", "Nano Banana 2", "Search grounding, up to 4K."),
        ("nano-banana-2-lite", "Nano Banana 2 Lite", "The smallest model."),
    ];

    /// <summary>The models that create images from prompts.</summary>
    public static IEnumerable<string> Generators => Family.Select(model => model.Id);

    public HttpResponse Answer(Route route)
    {
        var modality = route.Request.Query.TryGetValue("modality", out var asked) ? asked : "image";
        if (modality is not ("image" or "video" or "music"))
        {
            return JsonResponse.Invalid(("modality", JsonResponse.NotAllowed));
        }

        var models = modality == "image" ? Models() : [];
        return JsonResponse.Of(200, new JsonObject { ["models"] = new JsonArray([.. models]) });
    }

    private IEnumerable<JsonObject> Models() =>
    [
        .. Family.Select(model => Model(model.Id, model.Label, model.Description, prices.OfResolution("512px"), prices.OfResolution("4K"))),
        Model(FollowUps.Topaz, "Topaz Image Upscale", "Enlarges images, priced by output megapixels.", prices.Of(PriceList.TopazStep), prices.Of(FollowUps.TopazMost)),
        Flat(FollowUps.Clarity, "Clarity Upscale", "Enlarges images and adds detail.", PriceList.Clarity),
        Flat(FollowUps.Bria, "Bria Background Removal", "Removes the background of an image.", PriceList.Bria),
        Flat(FollowUps.Lab851, "851 Background Removal", "Removes the background of an image, at a low price.", PriceList.Lab851),
    ];

    private JsonObject Flat(string id, string label, string description, int cost) =>
        Model(id, label, description, prices.Of(cost), prices.Of(cost), pricingMode: "flat");

    private static JsonObject Model(string id, string label, string description, int least, int most, string pricingMode = "per-output") => new()
    {
        ["id"] = id,
        ["label"] = label,
        ["modality"] = "image",
        ["description"] = description,
        ["pricingMode"] = pricingMode,
        ["costMin"] = least,
        ["costMax"] = most,
    };
}
