using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

/// <summary>Reads the models from the response to <c>GET /v2/models</c>.</summary>
internal static class ModelReader
{
    /// <summary>Returns the models. An entry without an ID is omitted, and the other entries are read.</summary>
    public static IReadOnlyList<BananaModel> Read(JsonElement json) =>
    [
        .. from entry in json.Property("models")!.Value.EnumerateArray()
           let id = entry.Text("id")
           where id is not null
           select new BananaModel
           {
               Model = id,
               Label = entry.Text("label"),
               Modality = entry.Text("modality"),
               Description = entry.Text("description"),
               PricingMode = entry.Text("pricingMode"),
               CostMin = CreditAmount.Cost(entry.Number("costMin")),
               CostMax = CreditAmount.Cost(entry.Number("costMax")),
               RawJson = entry.Raw(),
           },
    ];

    /// <summary>Returns the problem with a response that must contain the list of models, or null.</summary>
    public static string? RequireModels(JsonElement json) =>
        json.Property("models") is { ValueKind: JsonValueKind.Array } ? null : "does not contain a list of models";
}
