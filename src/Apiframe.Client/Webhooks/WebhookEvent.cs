using System.Text.Json;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Webhooks;

/// <summary>An event that the service sends to a webhook URL when a job changes.</summary>
/// <remarks>Reading an event does not verify its sender. Call <see cref="WebhookSignature"/> first.</remarks>
public sealed class WebhookEvent
{
    /// <summary>The header with the name of the event.</summary>
    public const string HeaderName = "X-Webhook-Event";

    private WebhookEvent(string name, BananaJob job)
    {
        Name = name;
        Job = job;
    }

    /// <summary>The name of the event in lowercase: <c>completed</c>, <c>failed</c>, <c>progress</c>, or a newer one.</summary>
    public string Name { get; }

    /// <summary>
    /// The job in the event. It has no prompt and no options. <c>completed</c> contains the URL of the image, and <c>failed</c> the error.
    /// </summary>
    public BananaJob Job { get; }

    /// <summary>Reads the body of a webhook.</summary>
    /// <param name="body">JSON in UTF-8: an object with <c>jobId</c>, <c>id</c> or <c>job_id</c>, and the fields of a job.</param>
    /// <param name="connection">The connection for later requests about the job. No request is sent now.</param>
    /// <param name="header">
    /// The value of <see cref="HeaderName"/>, or null. The <c>event</c> of the body, or else its <c>type</c>, takes precedence.
    /// </param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the body is not an event of a job. The message contains the
    /// reason.</exception>
    public static WebhookEvent Read(byte[] body, ApiframeConnection connection, string? header = null)
    {
        JsonElement json = MaskedJson.Of(Parse(body), connection.Secrets.Apply);
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("it is not a JSON object");
        }

        if (JobReader.RequireId(json) is not null)
        {
            throw Invalid("it does not contain a job ID");
        }

        BananaJob job = JobReader.Read(json, connection, known: _ => null);
        string? name = json.Text("event") ?? json.Text("type") ?? (header is null ? null : ShownText.Printable(header));
        return new WebhookEvent(string.IsNullOrWhiteSpace(name) ? NameOf(job) : name!.Trim().ToLowerInvariant(), job);
    }

    /// <summary>Returns the name of the event and the job.</summary>
    public override string ToString() => $"{Name}: {Job}";

    private static JsonElement Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            throw Invalid("it is empty");
        }

        try
        {
            return Utf8Json.Parse(body);
        }
        catch (JsonException)
        {
            throw Invalid("it is not JSON");
        }
    }

    private static string NameOf(BananaJob job) => job.Status switch
    {
        "" => throw Invalid("it contains neither an event nor a status"),
        JobStatus.Completed => "completed",
        // The API has no event for a canceled job. Receivers process it like a failed job.
        JobStatus.Failed or JobStatus.Cancelled => "failed",
        _ => "progress",
    };

    private static ApiframeException Invalid(string why) =>
        new(ApiframeErrorKind.InvalidRequest, $"The body is not a webhook from the service, because {why}. Specify the raw body of a webhook.");
}
