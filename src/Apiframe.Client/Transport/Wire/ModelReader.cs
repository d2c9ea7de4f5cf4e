using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

/// <summary>Reads the models from the response to <c>GET /v2/models</c>.</summary>
internal static class ModelReader
{
    /// <summary>The models. An entry without an id names none and is left out: it must not hide the others.</summary>
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

    /// <summary>What is wrong with an answer that must be the catalogue; null if nothing is.</summary>
    public static string? RequireModels(JsonElement json) =>
        json.Property("models") is { ValueKind: JsonValueKind.Array } ? null : "does not contain a list of models";
}
