using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Security;
using System.Text;
using Apiframe.Client;
using Apiframe.Client.Connection;
using Apiframe.Client.Webhooks;
using Apiframe.NanoBanana.Binding;

namespace Apiframe.NanoBanana.Commands;

/// <summary>The base class of the cmdlets that receive webhooks. They send no requests.</summary>
public abstract class WebhookCommand : PSCmdlet
{
    private readonly List<byte> _singleBytes = [];

    private protected WebhookCommand()
    {
    }

    /// <summary>
    /// The exact body, as bytes or as text, or a request with a RawBody or Body property. The type is object, because a specific type would reject other inputs
    /// with an error that does not say what to specify, and would make a body of each byte.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RawBody")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Body { get; set; }

    /// <summary>The value of the header X-Webhook-Signature. The default is the value in the headers.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Signature { get; set; }

    /// <summary>The headers of the request, in any form with names and values.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? Headers { get; set; }

    /// <summary>
    /// The API keys (afk_...) that may have submitted the job. Each key is tried. The default is the environment variable APIFRAME_API_KEY.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SecretTransformation]
    [AllowNull]
    [AllowEmptyCollection]
    public SecureString[]? ApiKey { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // A body of bytes that is not wrapped in an array arrives as single bytes from the pipeline.
        if (WebhookInput.Unwrapped(Body) is byte single)
        {
            _singleBytes.Add(single);
            return;
        }

        Process(Body);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_singleBytes.Count > 0)
        {
            Process(_singleBytes.ToArray());
        }
    }

    /// <summary>Processes one body.</summary>
    /// <exception cref="ApiframeException">The body is not valid. The exception becomes an error.</exception>
    private protected abstract void Receive(byte[] body);

    /// <summary>Returns the key that signed the body.</summary>
    /// <exception cref="ApiframeException">No key signed the body.</exception>
    private protected string VerifiedKey(byte[] body) =>
        WebhookSignature.Verify(body, string.IsNullOrWhiteSpace(Signature) ? Header(WebhookSignature.HeaderName) : Signature, Keys());

    private protected IReadOnlyList<string?> Keys() => ApiKey is { Length: > 0 } keys
        ? [.. keys.Select(key => new NetworkCredential(string.Empty, key).Password)]
        : [ServiceEnvironment.Current.ApiKey];

    private protected string? Header(string name) => WebhookInput.Header(Headers ?? WebhookInput.HeadersOf(Body), name);

    private void Process(object? input)
    {
        byte[]? body = null;
        try
        {
            body = WebhookInput.BodyOf(input);
            Receive(body);
        }
        catch (ApiframeException e)
        {
            // The target is the text and not the input, because a row with an ApiKey column contains the key.
            WriteError(Errors.From(e, body is null ? null : Keys().Aggregate(Encoding.UTF8.GetString(body), (text, key) => new SecretMask(key).Apply(text))));
        }
    }
}
