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

/// <summary>What the cmdlets share that take webhooks. They send nothing.</summary>
public abstract class WebhookCommand : PSCmdlet
{
    private readonly List<byte> _singleBytes = [];

    private protected WebhookCommand()
    {
    }

    /// <summary>
    /// The body byte for byte, as bytes or as text, or a request that has it as RawBody or Body. An object, because a type would refuse other things with
    /// an error that says nothing of what to give, and would make a body of each single byte.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RawBody")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Body { get; set; }

    /// <summary>The value of the header X-Webhook-Signature. Without it, it is taken from the headers.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Signature { get; set; }

    /// <summary>The headers of the request, in any form that has names and values.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? Headers { get; set; }

    /// <summary>
    /// The API keys (afk_...) that may have submitted the job; each is tried. Without it, the key is taken from the environment variable APIFRAME_API_KEY.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SecretTransformation]
    [AllowNull]
    [AllowEmptyCollection]
    public SecureString[]? ApiKey { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // What a pipeline makes of a body in bytes that is not wrapped in an array.
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

    /// <summary>Does with one body what the cmdlet is for.</summary>
    /// <exception cref="ApiframeException">Whatever is wrong with it; it becomes an error.</exception>
    private protected abstract void Receive(byte[] body);

    /// <summary>The key that the body was signed under.</summary>
    /// <exception cref="ApiframeException">There is none.</exception>
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
            // The text, not the input: a row with a column ApiKey is one too.
            WriteError(Errors.From(e, body is null ? null : Keys().Aggregate(Encoding.UTF8.GetString(body), (text, key) => new SecretMask(key).Apply(text))));
        }
    }
}
