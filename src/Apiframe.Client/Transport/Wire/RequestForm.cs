namespace Apiframe.Client.Transport.Wire;

/// <summary>The two request forms that the vendor publishes. They differ only in references and webhooks.</summary>
internal enum RequestForm
{
    /// <summary>The form of the model page: one reference URL as a string, and <c>webhook_url</c> with the default events.</summary>
    ModelPage,

    /// <summary>The form of the OpenAPI description: an array of references, <c>webhookUrl</c>, and <c>webhookEvents</c>.</summary>
    OpenApi,
}
