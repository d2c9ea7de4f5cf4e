using System.Collections.Generic;
using System.Text.Json;

namespace Apiframe.Emulator.Service;

/// <summary>The schema of <c>POST /v2/images/generate</c>, which is the same for all models of the family.</summary>
internal static class GenerateSchema
{
    public const string Params = "nanoBananaParams";

    private const int MaxReferenceImages = 14;

    private static readonly Check Prompt = Checks.Both(
        Checks.LimitedText, (path, value) => value.ValueEquals(string.Empty) ? [(path, "Must have at least 1 character")] : []);

    /// <param name="form">The form that is accepted for fields with two forms.</param>
    public static RequestSchema Of(EmulatorRequestForm form)
    {
        var takesModelPage = form != EmulatorRequestForm.OpenApi;
        var takesOpenApi = form != EmulatorRequestForm.ModelPage;
        var many = Checks.List(Checks.Url, MaxReferenceImages);
        var parameters = new Dictionary<string, Check>
        {
            ["aspect_ratio"] = Checks.Text,
            ["resolution"] = Checks.OneOf("512px", "1K", "2K", "4K"),
            ["output_format"] = Checks.OneOf("jpg", "png", "webp"),
            ["google_search"] = Checks.Flag,
            ["image_search"] = Checks.Flag,
            ["image_input"] = (path, value) =>
                (takesOpenApi && !(takesModelPage && value.ValueKind == JsonValueKind.String) ? many : Checks.Url)(path, value),
        };
        var members = new Dictionary<string, Check>
        {
            ["prompt"] = Prompt,
            ["model"] = Checks.OneOf([.. ModelsEndpoint.Generators]),
        };
        foreach (var (name, check) in takesOpenApi ? WebhookTarget.Fields : [])
        {
            members.Add(name, check);
        }

        if (takesModelPage)
        {
            members.Add("webhook_url", Checks.Url);
        }

        return new RequestSchema(members, ["prompt", "model"], Params, parameters);
    }
}
