using System.Text.Json;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Webhooks;

/// <summary>What the service posts to a webhook URL when a job changes.</summary>
/// <remarks>Reading does not tell who sent it: verify with <see cref="WebhookSignature"/> first.</remarks>
public sealed class WebhookEvent
{
    /// <summary>The header that carries the event's name.</summary>
    public const string HeaderName = "X-Webhook-Event";

    private WebhookEvent(string name, BananaJob job)
    {
        Name = name;
        Job = job;
    }

    /// <summary>In lower case: <c>completed</c>, <c>failed</c>, <c>progress</c>, or whatever newer one the service names.</summary>
    public string Name { get; }

    /// <summary>
    /// The job as the event tells it, which is less than the service knows: no prompt and no options. <c>completed</c> brings the image's address,
    /// <c>failed</c> the reason.
    /// </summary>
    public BananaJob Job { get; }

    /// <summary>Reads the body of a webhook.</summary>
    /// <param name="body">JSON in UTF-8: an object with <c>jobId</c>, <c>id</c> or <c>job_id</c>, and the fields of a job.</param>
    /// <param name="connection">Where and as whom the job can be asked for; nothing is sent now.</param>
    /// <param name="header">The value of <see cref="HeaderName"/>, if there is one. The body's <c>event</c>, else its <c>type</c>, goes before it.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the body is not an event of a job. The message says why.</exception>
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

    /// <summary>Event and job.</summary>
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
        // The API has no event for a canceled job. A receiver handles it like a failed one.
        JobStatus.Failed or JobStatus.Cancelled => "failed",
        _ => "progress",
    };

    private static ApiframeException Invalid(string why) =>
        new(ApiframeErrorKind.InvalidRequest, $"The body is not a webhook of the service: {why}.");
}
