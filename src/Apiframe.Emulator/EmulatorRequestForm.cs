namespace Apiframe.Emulator;

/// <summary>Which of the two published forms of a generate request the emulator takes.</summary>
/// <remarks>Requests with neither a reference image nor a webhook are the same in both forms.</remarks>
public enum EmulatorRequestForm
{
    /// <summary>Either form, field by field.</summary>
    Both,

    /// <summary>Only the model page's form: <c>image_input</c> is one URL string, <c>webhook_url</c> names the webhook.</summary>
    ModelPage,

    /// <summary>
    /// Only the OpenAPI description's form: <c>image_input</c> is an array of URLs, <c>webhookUrl</c> and <c>webhookEvents</c> set up
    /// the webhook.
    /// </summary>
    OpenApi,
}
