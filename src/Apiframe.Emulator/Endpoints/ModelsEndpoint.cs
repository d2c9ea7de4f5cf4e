using System.Collections.Generic;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Endpoints;

/// <summary><c>GET /v2/models</c>, the one call of the service that needs no key.</summary>
internal sealed class ModelsEndpoint
{
    public const string Path = "/v2/models";

    private readonly PriceList _prices;

    public ModelsEndpoint(PriceList prices) => _prices = prices;

    public HttpResponse Answer(HttpRequest request)
    {
        var hasModality = request.Query.TryGetValue("modality", out var modality);
        if (hasModality && modality is not ("image" or "video" or "music"))
        {
            return JsonAnswer.Invalid("modality", ValidationErrors.NotAllowed);
        }

        IReadOnlyList<ModelEntry> models = !hasModality || modality == "image" ? ModelCatalog.Models : [];
        return JsonAnswer.Of(200, json =>
        {
            json.WriteStartArray("models");
            foreach (var model in models)
            {
                json.WriteStartObject();
                json.WriteString("id", model.Id);
                json.WriteString("label", model.Label);
                json.WriteString("modality", "image");
                json.WriteString("description", model.Description);
                json.WriteString("pricingMode", "per-output");
                json.WriteNumber("costMin", _prices.Lowest);
                json.WriteNumber("costMax", _prices.Highest);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
