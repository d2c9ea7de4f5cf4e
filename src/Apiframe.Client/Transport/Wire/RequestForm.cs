namespace Apiframe.Client.Transport.Wire;

/// <summary>The two request forms that the vendor publishes. They differ only in references and webhooks.</summary>
internal enum RequestForm
{
    /// <summary>The model page: one reference URL as a string, <c>webhook_url</c> with the default events.</summary>
    ModelPage,

    /// <summary>The OpenAPI description: an array of references, <c>webhookUrl</c> and <c>webhookEvents</c>.</summary>
    OpenApi,
}
