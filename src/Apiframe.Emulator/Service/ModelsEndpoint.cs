using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary><c>GET /v2/models</c>, the one call of the service that needs no key.</summary>
internal sealed class ModelsEndpoint(PriceList prices)
{
    private static readonly (string Id, string Label, string Description)[] Models =
    [
        ("nano-banana", "Nano Banana", "Fast composition and editing."),
        ("nano-banana-pro", "Nano Banana Pro", "Accurate text in pictures, up to 4K."),
        ("nano-banana-2", "Nano Banana 2", "Search grounding, up to 4K."),
        ("nano-banana-2-lite", "Nano Banana 2 Lite", "The small one."),
    ];

    public static IEnumerable<string> Ids => Models.Select(model => model.Id);

    public HttpResponse Answer(Route route)
    {
        var modality = route.Request.Query.TryGetValue("modality", out var asked) ? asked : "image";
        if (modality is not ("image" or "video" or "music"))
        {
            return JsonResponse.Invalid(("modality", JsonResponse.NotAllowed));
        }

        var models = Models.Where(_ => modality == "image").Select(model => new JsonObject
        {
            ["id"] = model.Id,
            ["label"] = model.Label,
            ["modality"] = "image",
            ["description"] = model.Description,
            ["pricingMode"] = "per-output",
            ["costMin"] = prices.Lowest,
            ["costMax"] = prices.Highest,
        });
        return JsonResponse.Of(200, new JsonObject { ["models"] = new JsonArray([.. models]) });
    }
}
