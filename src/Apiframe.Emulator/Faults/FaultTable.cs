using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>All faults. A new fault is added only here.</summary>
internal static class FaultTable
{
    public const string DownloadRedirect = "DownloadRedirect";

    /// <summary>A query parameter that marks a download after a redirect by a fault, so that it returns the file.</summary>
    public const string RedirectedMark = "redirected";

    /// <summary>A query parameter that marks a download that is redirected to itself.</summary>
    public const string LoopMark = "loop";

    public static FaultGroup<Func<FaultyCall, HttpResponse>> Requests { get; } = new(
        "request faults",
        1,
        [
            ("ConnectionRefused", RefuseConnections),
            ("ResetBeforeAcceptance", _ => HttpResponse.None(reset: true)),
            ("ResetAfterAcceptance", call => call.CarryOutBut(HttpResponse.None(reset: true))),
            ("AnswerLost", call => call.CarryOutBut(HttpResponse.None(reset: false))),
            ("SlowAnswer", call => call.CarryOut() with { Disturbance = new(Delay: call.Context.Duration) }),
            ("RateLimitSeconds", call => JsonResponse.TooManyRequests().With(RetryAfter, InSeconds(call.Context))),
            ("RateLimitDate", call => JsonResponse.TooManyRequests().With(RetryAfter, AsDate(call.Context))),
            ("RateLimitBare", _ => JsonResponse.TooManyRequests()),
            .. new[] { 500, 502, 503, 504 }.SelectMany(ServerErrors),
            ("MalformedJson", call => Damaged(call, JsonDamage.Malformed)),
            ("TruncatedJson", call => Damaged(call, FirstHalf)),
            ("WrongJson", call => Damaged(call, json => JsonDamage.OfWrongType(json, call.Random))),
            ("WrongEncoding", WrongEncoding),
            ("ForeignJob", ForeignJob),
            ("KeyEchoed", KeyEchoed),
        ]);

    public static FaultGroup<Func<FaultyCall, HttpResponse>> Downloads { get; } = new(
        "download faults",
        2,
        [
            ("DownloadCut", call => CutInHalf(call.CarryOut(), resets: call.Random.NextDouble() < 0.5)),
            ("DownloadWrongLength", call => Damaged(call, FirstHalf)),
            ("DownloadWrongType", call => call.CarryOut().With("Content-Type", "text/plain")),
            ("DownloadHtml", _ => HtmlPage(200, "Please sign in")),
            ("DownloadSlow", call => call.CarryOut() with { Disturbance = new(Trickle: call.Context.Duration) }),
            (DownloadRedirect, call => HttpResponse.Redirect(new Uri(call.Context.OtherUri, call.Route.Request.Path + "?" + RedirectedMark).AbsoluteUri)),
            ("DownloadRedirectLoop", call => LoopTo(call.Route)),
            ("DownloadGone404", _ => JsonResponse.Error(404)),
            ("DownloadGone410", _ => JsonResponse.Error(410)),
            ("DownloadBusy429", call => JsonResponse.Error(429).With(RetryAfter, InSeconds(call.Context))),
            ("DownloadBusy503", call => JsonResponse.Error(503).With(RetryAfter, InSeconds(call.Context))),
            ("DownloadChangedTag", ChangedWhileDownloaded),
        ]);

    /// <summary>The faults of jobs. Each function takes the fault duration.</summary>
    public static FaultGroup<Func<TimeSpan, JobFault>> Jobs { get; } = new(
        "job faults",
        3,
        ("JobStuck", duration => new JobFault(RunsAs: JobStatus.Queued, Overtime: duration)),
        ("JobVanishes", duration => new JobFault(HiddenFor: duration)),
        ("JobUnknownStatus", duration => new JobFault(RunsAs: JobStatus.Moderating, Overtime: duration)),
        ("JobWithoutUrl", duration => new JobFault(WithoutUrlFor: duration)),
        ("JobExpired", duration => new JobFault(ExpiredFor: duration)),
        ("JobCostLate", _ => new JobFault(CostsNothingUntilEnd: true)),
        ("ImageLate", duration => new JobFault(WithoutFileFor: duration)),
        ("JobFailed", _ => new JobFault(End: JobStatus.Failed)),
        ("JobCancelled", _ => new JobFault(End: JobStatus.Cancelled)),
        ("JobUnavailable", _ => new JobFault(End: JobStatus.Failed, Error: "The provider has no available capacity")));

    public static IReadOnlyList<(string Title, IReadOnlyList<string> Names)> Groups { get; } =
        [(Requests.Title, Requests.Names), (Downloads.Title, Downloads.Names), (Jobs.Title, Jobs.Names)];

    private const string RetryAfter = "Retry-After";

    public static HttpResponse LoopTo(Route route) => HttpResponse.Redirect(route.Request.Path + "?" + LoopMark);

    /// <summary>Simulates an outage of the service. The port is closed before this client can connect again.</summary>
    private static HttpResponse RefuseConnections(FaultyCall call)
    {
        call.Context.RefuseConnections();
        return HttpResponse.None(reset: false);
    }

    /// <summary>Errors of the service (500, 503), or of a gateway that forwarded the request and lost the response (502, 504).</summary>
    private static IEnumerable<(string Name, Func<FaultyCall, HttpResponse> Fault)> ServerErrors(int status)
    {
        HttpResponse Answered(FaultyCall call, HttpResponse error) => status is 502 or 504 ? call.CarryOutBut(error) : error;

        yield return ($"Error{status}Json", call => Answered(call, JsonResponse.Error(status)));
        yield return ($"Error{status}Html", call => Answered(call, HtmlPage(status, HttpResponse.ReasonPhrase(status))));
        yield return ($"Error{status}Empty", call => Answered(call, HttpResponse.WithoutBody(status)));
    }

    /// <summary>Returns an HTML page, as proxies and portals do.</summary>
    private static HttpResponse HtmlPage(int status, string title) => HttpResponse.Text(
        status, $"<html><head><title>{title}</title></head><body><h1>{status} {title}</h1><hr>gateway</body></html>\n", "text/html");

    /// <summary>Processes the request and returns the right status with a damaged body.</summary>
    private static HttpResponse Damaged(FaultyCall call, Func<ArraySegment<byte>, ArraySegment<byte>> damage)
    {
        var right = call.CarryOut();
        return right with { Body = damage(right.Body) };
    }

    /// <summary>Processes the request and returns a response that claims to be compressed.</summary>
    private static HttpResponse WrongEncoding(FaultyCall call)
    {
        var right = call.CarryOut();
        return right.Status < 300 ? right.With("Content-Encoding", "gzip") : right;
    }

    /// <summary>Returns another job than the requested one, like a cache that confuses its entries. Other requests get the right response.</summary>
    private static HttpResponse ForeignJob(FaultyCall call)
    {
        var right = call.CarryOut();
        return call.Route.Endpoint == Endpoint.Job && right.Status == 200 ? call.Context.OtherJob(call.Route.Name) ?? Renamed(right) : right;
    }

    /// <summary>Returns the job under an unknown ID, because the account has no other job.</summary>
    private static HttpResponse Renamed(HttpResponse right)
    {
        var job = Encoding.UTF8.GetString(right.Body.Array!, right.Body.Offset, right.Body.Count);
        var id = JsonNode.Parse(job)!["id"]!.GetValue<string>();
        return right with { Body = new(Encoding.UTF8.GetBytes(job.Replace(id, Guid.NewGuid().ToString()))) };
    }

    /// <summary>Returns an error that contains the key of the request in every encoding that a log or a debug page might use.</summary>
    private static HttpResponse KeyEchoed(FaultyCall call)
    {
        var key = call.Route.Request.Header(ApiframeService.KeyHeader) ?? string.Empty;
        var bytes = Encoding.UTF8.GetBytes(key);
        var error = $"Internal Server Error: request with key {Each(bytes, @"\u{0:x4}")}, base64 {Convert.ToBase64String(bytes)}, "
            + $"upper case {JsonEncodedText.Encode(key.ToUpperInvariant())}, hex {Each(bytes, "{0:x2}")}, percent {Each(bytes, "%{0:X2}")}";
        return HttpResponse.Text(500, $"{{\"error\":\"{error}\"}}", "application/json").With(HttpResponse.RequestIdHeader, "req_" + key);

        static string Each(byte[] bytes, string format) =>
            string.Concat(bytes.Select(value => string.Format(CultureInfo.InvariantCulture, format, value)));
    }

    private static HttpResponse CutInHalf(HttpResponse file, bool resets) =>
        file with { Disturbance = new(CutAfter: file.Body.Count / 2, Resets: resets) };

    private static ArraySegment<byte> FirstHalf(ArraySegment<byte> body) => new(body.Array!, body.Offset, body.Count / 2);

    /// <summary>Ends the connection in the middle of the file. The next request for the rest gets the rest of another file.</summary>
    private static HttpResponse ChangedWhileDownloaded(FaultyCall call)
    {
        var file = call.CarryOut();
        return file.Status == 200 && call.Context.ChangedFiles.TryAdd(call.Route.Name, false) ? CutInHalf(file, resets: false) : file;
    }

    private static string InSeconds(FaultContext context) =>
        Math.Max(1, Math.Ceiling(context.Duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the time as an HTTP date, which has whole seconds. It is rounded up so that a client that waits until then is not too early.</summary>
    private static string AsDate(FaultContext context)
    {
        var second = TimeSpan.TicksPerSecond;
        var time = context.Clock().UtcTicks + Math.Max(second, context.Duration.Ticks);
        return new DateTime((time + second - 1) / second * second, DateTimeKind.Utc).ToString("R", CultureInfo.InvariantCulture);
    }
}
