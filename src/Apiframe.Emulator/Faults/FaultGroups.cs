using System;
using System.Collections.Generic;
using System.Globalization;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>All faults: a new one is added here, and nowhere else.</summary>
internal static class FaultGroups
{
    public const string DownloadRedirect = "DownloadRedirect";

    public static FaultGroup<IFault> Requests { get; } = new(
        "request faults",
        1,
        ("ConnectionRefused", context => new ConnectionRefusedFault(context.RefuseConnections)),
        ("ResetBeforeAcceptance", _ => new NoAnswerFault(carriedOut: false, reset: true)),
        ("ResetAfterAcceptance", _ => new NoAnswerFault(carriedOut: true, reset: true)),
        ("AnswerLost", _ => new NoAnswerFault(carriedOut: true, reset: false)),
        ("SlowAnswer", context => new SlowAnswerFault(context.Duration)),
        ("RateLimitSeconds", context => new BusyFault(429, () => InSeconds(context))),
        ("RateLimitDate", context => new BusyFault(429, () => AsDate(context))),
        ("RateLimitBare", _ => new BusyFault(429, () => null)),
        ("Error500Json", _ => ServerErrorFault.Json(500)),
        ("Error500Html", _ => ServerErrorFault.Html(500)),
        ("Error500Empty", _ => ServerErrorFault.Empty(500)),
        ("Error502Json", _ => ServerErrorFault.Json(502)),
        ("Error502Html", _ => ServerErrorFault.Html(502)),
        ("Error502Empty", _ => ServerErrorFault.Empty(502)),
        ("Error503Json", _ => ServerErrorFault.Json(503)),
        ("Error503Html", _ => ServerErrorFault.Html(503)),
        ("Error503Empty", _ => ServerErrorFault.Empty(503)),
        ("Error504Json", _ => ServerErrorFault.Json(504)),
        ("Error504Html", _ => ServerErrorFault.Html(504)),
        ("Error504Empty", _ => ServerErrorFault.Empty(504)),
        ("MalformedJson", _ => new BrokenJsonFault((body, _) => JsonBreaker.Malformed(body))),
        ("TruncatedJson", _ => new BrokenJsonFault((body, _) => JsonBreaker.Truncated(body))),
        ("WrongJson", _ => new BrokenJsonFault(JsonBreaker.OfWrongType)),
        ("WrongEncoding", _ => new WrongEncodingFault()),
        ("ForeignJob", context => new ForeignJobFault(context.OtherJob)),
        ("KeyEchoed", _ => new KeyEchoFault()));

    public static FaultGroup<IFault> Downloads { get; } = new(
        "download faults",
        2,
        ("DownloadCut", _ => new CutDownloadFault()),
        ("DownloadWrongLength", _ => new ShortDownloadFault()),
        ("DownloadWrongType", _ => new WrongTypeFault()),
        ("DownloadHtml", _ => new HtmlDownloadFault()),
        ("DownloadSlow", context => new SlowDownloadFault(context.Duration)),
        (DownloadRedirect, context => new RedirectFault(context.OtherUri)),
        ("DownloadRedirectLoop", _ => new RedirectLoopFault()),
        ("DownloadGone404", _ => new GoneFault(404)),
        ("DownloadGone410", _ => new GoneFault(410)),
        ("DownloadBusy429", context => new BusyFault(429, () => InSeconds(context))),
        ("DownloadBusy503", context => new BusyFault(503, () => InSeconds(context))),
        ("DownloadChangedTag", context => new ChangedTagFault(context.ChangedFiles)));

    public static FaultGroup<JobFault> Jobs { get; } = new(
        "job faults",
        3,
        ("JobStuck", context => new JobFault { RunsAs = JobStatus.Queued, Overtime = context.Duration }),
        ("JobVanishes", context => new JobFault { HiddenFor = context.Duration }),
        ("JobUnknownStatus", context => new JobFault { RunsAs = JobStatus.Moderating, Overtime = context.Duration }),
        ("JobWithoutUrl", context => new JobFault { WithoutUrlFor = context.Duration }),
        ("JobExpired", context => new JobFault { ExpiredFor = context.Duration }),
        ("JobCostLate", _ => new JobFault { CostsNothingUntilEnd = true }),
        ("ImageLate", context => new JobFault { WithoutFileFor = context.Duration }),
        ("JobFailed", _ => new JobFault { End = JobStatus.Failed }),
        ("JobCancelled", _ => new JobFault { End = JobStatus.Cancelled }));

    public static IReadOnlyList<FaultGroup> All { get; } = [Requests, Downloads, Jobs];

    private static string InSeconds(FaultContext context) =>
        Math.Max(1, Math.Ceiling(context.Duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Dates have whole seconds only; rounded up, so that whoever obeys is not early.</summary>
    private static string AsDate(FaultContext context)
    {
        var second = TimeSpan.TicksPerSecond;
        var time = context.Clock().UtcTicks + Math.Max(second, context.Duration.Ticks);
        return new DateTime((time + second - 1) / second * second, DateTimeKind.Utc).ToString("R", CultureInfo.InvariantCulture);
    }
}
