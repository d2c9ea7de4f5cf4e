using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Simulation.Machine;

namespace Simulation.Outside;

/// <summary>
/// The service as its documentation describes it: an account with credits and keys, jobs that end, idempotency keys that expire, uploads, images, and
/// webhooks.
/// </summary>
internal sealed class Service(World world, Settings settings, WebhookRoute webhooks)
{
    private const int Price = 9;
    private const string FailureText = "\"no available capacity\"";
    private static readonly TimeSpan UploadLasts = TimeSpan.FromHours(2);

    private readonly List<ServiceJob> _jobs = [];
    private readonly Dictionary<string, (TimeSpan At, byte[] Content)> _uploads = new(StringComparer.Ordinal);

    public IReadOnlyList<ServiceJob> Jobs => _jobs;

    public string ApiKey { get; set; } = string.Empty;

    public int Credits { get; set; }

    public Action<ServiceJob>? Accepted { get; set; }

    private TimeSpan Now => world.Elapsed;

    public Reply Handle(Call call)
    {
        string path = call.Url.AbsolutePath;
        return call.ApiKey != ApiKey
            ? Error(401, "Invalid API key" + (settings.QuotesKey ? $" {call.ApiKey}" : string.Empty))
            : (call.Method, path) switch
            {
                ("POST", "/v2/images/generate") => Generate(call),
                ("POST", "/v2/uploads") => Upload(call),
                ("GET", "/v2/jobs") => List(call),
                ("GET", _) when path.StartsWith("/v2/jobs/", StringComparison.Ordinal) => Job(path["/v2/jobs/".Length..]),
                _ => Error(404, "Not found"),
            };
    }

    public Reply Download(Uri url, long? from, string? ifRange)
    {
        (byte[] Content, TimeSpan StoredFrom, TimeSpan StoredUntil)? file =
            _jobs.Find(job => job.Url == url) is { Outcome: "COMPLETED" } job ? (job.Image, job.StoredFrom, job.EndsAt + settings.Retention)
            : _uploads.TryGetValue(url.AbsoluteUri, out (TimeSpan At, byte[] Content) upload) ? (upload.Content, upload.At, upload.At + UploadLasts)
            : null;
        if (file is not { } found || Now < found.StoredFrom || Now >= found.StoredUntil)
        {
            return Reply.Page(404, "Not here");
        }

        string tag = $"\"{url.AbsolutePath}\"";
        bool isRest = settings.Ranges && from > 0 && from < found.Content.Length && ifRange == tag;
        return isRest
            ? new Reply(206, found.Content[(int)from!.Value..], "image/png") { ETag = tag, From = (int)from.Value }
            : new Reply(200, found.Content, "image/png") { ETag = settings.Ranges ? tag : null };
    }

    /// <summary>Whether the image of a job can be downloaded.</summary>
    public bool IsStored(string jobId) => _jobs.Find(job => job.Id == jobId) is { } job && Now >= job.StoredFrom && Now < job.EndsAt + settings.Retention;

    /// <summary>Adds a job that another user of the account submitted.</summary>
    public void MakeForeignJob(string prompt) => Make(prompt, options: null, key: null, body: prompt, webhookEvents: []);

    private static Reply Error(int status, string text) => Reply.Json(status, $$"""{"error":{{JsonSerializer.Serialize(text)}}}""");

    private Reply Generate(Call call)
    {
        using JsonDocument body = JsonDocument.Parse(call.Body);
        string prompt = body.RootElement.GetProperty("prompt").GetString()!;
        string? options = body.RootElement.TryGetProperty("nanoBananaParams", out JsonElement given) ? given.GetRawText() : null;
        if (given.ValueKind == JsonValueKind.Object && given.TryGetProperty("image_input", out JsonElement images) && settings.TakesOnlyForm is { } form
            && form != (images.ValueKind == JsonValueKind.Array ? "array" : "string"))
        {
            return Error(400, $"image_input: expected {form}");
        }

        bool hasUrl = body.RootElement.TryGetProperty("webhookUrl", out _);
        bool hasUrlOfModelPage = body.RootElement.TryGetProperty("webhook_url", out _);
        if (settings.TakesOnlyForm is { } webhookForm && (webhookForm == "array" ? hasUrlOfModelPage : hasUrl))
        {
            return Error(400, "Unrecognized key for the webhook");
        }

        string[] webhookEvents = hasUrl ? [.. body.RootElement.GetProperty("webhookEvents").EnumerateArray().Select(one => one.GetString()!)]
            : hasUrlOfModelPage ? ["completed", "failed"]
            : [];
        string sent = body.RootElement.GetRawText();
        ServiceJob? known = _jobs.Find(job => job.Key is not null && job.Key == call.IdempotencyKey && Now < job.CreatedAt + settings.ServiceForgets);
        if (known is not null)
        {
            return settings.ComparesRequests && known.Body != sent
                ? Error(409, "The key was used with another request")
                : Accept(known);
        }

        if (Credits < Price)
        {
            return Reply.Json(402, $$"""{"error":"Insufficient credits","creditsRequired":{{Price}},"creditsAvailable":{{Credits}}}""");
        }

        return Accept(Make(prompt, options, call.IdempotencyKey, sent, webhookEvents));
    }

    private ServiceJob Make(string prompt, string? options, string? key, string body, string[] webhookEvents)
    {
        string outcome = !world.Dice.Is(settings.FailedShare) ? "COMPLETED" : world.Dice.Is(0.7) ? "FAILED" : "CANCELLED";
        TimeSpan ends = Now + world.Dice.Time(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(90));
        var job = new ServiceJob
        {
            Id = world.Dice.NextGuid().ToString(),
            Prompt = prompt,
            Options = options,
            Key = key,
            Body = body,
            ApiKey = ApiKey,
            WebhookEvents = webhookEvents,
            CreatedAt = Now,
            EndsAt = ends,
            Outcome = outcome,
            IsRefundable = outcome == "FAILED" || (outcome == "CANCELLED" && settings.RefundsCancelled),
            KnownFrom = Now + (settings.LongestLag * world.Dice.NextDouble()),
            StoredFrom = ends + (settings.LongestLag * world.Dice.NextDouble()),
        };
        _jobs.Add(job);
        Credits -= Price;
        if (job.IsRefundable)
        {
            world.After(ends - Now, null, () => Credits += Price);
        }

        Accepted?.Invoke(job);
        world.After((ends - Now) / 2, null, () => Send(job, "progress"));
        world.After(ends - Now, null, () => Send(job, outcome));
        return job;
    }

    /// <summary>Sends a webhook, if the job has one for the event. A canceled job has no event.</summary>
    private void Send(ServiceJob job, string what)
    {
        string name = what.ToLowerInvariant();
        if (!job.WebhookEvents.Contains(name))
        {
            return;
        }

        string fields = name switch
        {
            "completed" => $$"""
                "status":"COMPLETED","progress":100,"result":{{(settings.SendsOnlyUrl ? $"\"{job.Url}\"" : Result(job))}},"creditCost":{{Price}},"completedAt":"{{Told(job.EndsAt)}}"
                """,
            "failed" => $$"""
                "status":"FAILED","error":{{FailureText}}
                """,
            _ => "\"status\":\"PROCESSING\",\"progress\":50",
        };
        string field = settings.EventField is { } known ? $"\"{known}\":\"{name}\"," : string.Empty;
        string body = $$"""{{{field}}"jobId":"{{job.Id}}","model":"nano-banana-2",{{fields}}}""";
        webhooks.Send(Webhook.Signed(name, body, job.ApiKey, settings.SignsWithText, isGenuine: true), job);
    }

    private static string Result(ServiceJob job) => $$"""{"images":["{{job.Url}}"]}""";

    private Reply Accept(ServiceJob job) => Reply.Json(202, $$"""{"jobId":"{{job.Id}}","status":"{{job.StatusAt(Now).Replace("CANCELLED", "FAILED", StringComparison.Ordinal)}}"}""");

    private Reply Upload(Call call)
    {
        string url = $"https://cdn.sim.example/uploads/{world.Dice.NextBits():x16}.png";
        _uploads[url] = (Now, call.Upload!);
        return Reply.Json(201, $$"""{"id":"{{world.Dice.NextGuid()}}","url":"{{url}}","kind":"image","contentType":"image/png","byteSize":{{call.Upload!.Length}},"expiresAt":"{{Told(Now + UploadLasts)}}"}""");
    }

    private Reply Job(string id) =>
        _jobs.Find(job => job.Id == id) is { } job && Now >= job.KnownFrom ? Reply.Json(200, Tell(job, withInput: settings.TellsInput)) : Error(404, "Job not found");

    private Reply List(Call call)
    {
        int limit = Math.Min(settings.PageSize, int.Parse(call.Query("limit") ?? "20", CultureInfo.InvariantCulture));
        int start = call.Query("cursor") is { } cursor ? _jobs.Count - int.Parse(cursor, CultureInfo.InvariantCulture) : 0;
        ServiceJob[] newest = [.. Enumerable.Reverse(_jobs).Skip(start)];
        bool hasMore = newest.Length > limit;
        // The cursor counts from the oldest job, so that new jobs do not move the pages.
        string next = hasMore ? $"\"{newest.Length - limit}\"" : "null";
        return Reply.Json(200, $$"""{"jobs":[{{string.Join(',', newest.Take(limit).Select(job => Tell(job, withInput: false)))}}],"nextCursor":{{next}},"hasMore":{{(hasMore ? "true" : "false")}}}""");
    }

    private string Tell(ServiceJob job, bool withInput)
    {
        string status = job.StatusAt(Now);
        bool isOver = Now >= job.EndsAt;
        bool isExpired = status == "COMPLETED" && Now >= job.EndsAt + settings.Retention;
        string result = status == "COMPLETED" && !isExpired ? Result(job) : "null";
        string error = status == "FAILED" ? FailureText : "null";
        string input = withInput
            ? $$""","input":{"prompt":{{JsonSerializer.Serialize(job.Prompt)}}{{(job.Options is null ? string.Empty : $",\"nanoBananaParams\":{job.Options}")}}}"""
            : string.Empty;
        string progress = isOver ? "100" : ((int)(100 * ((Now - job.CreatedAt) / (job.EndsAt - job.CreatedAt)))).ToString(CultureInfo.InvariantCulture);
        return $$"""
            {"id":"{{job.Id}}","status":"{{status}}","model":"nano-banana-2","progress":{{progress}},"result":{{result}},"error":{{error}},"creditCost":{{(job.IsBilledAt(Now) ? Price : 0)}},"webhookStatus":{{(job.WebhookEvents.Length == 0 ? "null" : isOver ? "\"delivered\"" : "\"pending\"")}},"createdAt":"{{Told(job.CreatedAt)}}","completedAt":{{(isOver ? $"\"{Told(job.EndsAt)}\"" : "null")}},"expired":{{(isExpired ? "true" : "false")}}{{input}}}
            """;
    }

    private string Told(TimeSpan time) => (world.UtcNow - Now + time + settings.Skew).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
