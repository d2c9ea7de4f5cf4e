using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>Every error record is made here. The ids are part of the module's interface: fixed, never made from data.</summary>
internal static class Errors
{
    private static readonly Dictionary<ApiframeErrorKind, (string Id, ErrorCategory Category, string Action)> ByKind = new()
    {
        [ApiframeErrorKind.MissingApiKey] = ("BananaApiKeyMissing", ErrorCategory.AuthenticationError,
            "Set $env:APIFRAME_API_KEY, or give -ApiKey. To try the module without an account, run Start-BananaEmulator -SetEnvironment."),
        [ApiframeErrorKind.InvalidBaseUri] = ("BananaBaseUriInvalid", ErrorCategory.InvalidArgument,
            "Correct $env:APIFRAME_BASE_URL, or remove it to reach the service's own address."),
        [ApiframeErrorKind.InvalidRequest] = ("BananaRequestInvalid", ErrorCategory.InvalidArgument,
            "Correct the value and run it again."),
        [ApiframeErrorKind.Authentication] = ("BananaAuthenticationFailed", ErrorCategory.AuthenticationError,
            "Check $env:APIFRAME_API_KEY or -ApiKey: the key may be mistyped, revoked or another product's."),
        [ApiframeErrorKind.InsufficientCredits] = ("BananaInsufficientCredits", ErrorCategory.QuotaExceeded,
            "Add credits, then pipe the error's TargetObject to New-BananaImage."),
        [ApiframeErrorKind.Forbidden] = ("BananaAccessDenied", ErrorCategory.PermissionDenied,
            "Ask the team's admin to activate the key or to grant the permission."),
        [ApiframeErrorKind.NotFound] = ("BananaJobNotFound", ErrorCategory.ObjectNotFound,
            "Check the id, and that the key belongs to the user who made the job; Get-BananaJob lists that user's jobs."),
        [ApiframeErrorKind.Conflict] = ("BananaIdempotencyConflict", ErrorCategory.InvalidOperation,
            "If it was the same image in another form, find its job with Get-BananaJob. Else use one -IdempotencyKey for each image, or leave it out."),
        [ApiframeErrorKind.RateLimited] = ("BananaRateLimited", ErrorCategory.LimitsExceeded,
            "Try again later, or with a smaller -ThrottleLimit."),
        [ApiframeErrorKind.ServiceUnavailable] = ("BananaServiceUnavailable", ErrorCategory.ResourceUnavailable,
            "Try again later."),
        [ApiframeErrorKind.Gateway] = ("BananaGatewayError", ErrorCategory.ConnectionError,
            "Try again later; if it stays, a proxy or firewall on the way may be the cause."),
        [ApiframeErrorKind.RequestTimeout] = ("BananaRequestTimeout", ErrorCategory.OperationTimeout,
            "Try again later."),
        [ApiframeErrorKind.Network] = ("BananaConnectionFailed", ErrorCategory.ConnectionError,
            "Check the network, the proxy and $env:APIFRAME_BASE_URL."),
        [ApiframeErrorKind.InvalidResponse] = ("BananaResponseInvalid", ErrorCategory.ProtocolError,
            "Check that $env:APIFRAME_BASE_URL names an Apiframe v2 service."),
        [ApiframeErrorKind.SubmissionUnknown] = ("BananaSubmissionUnknown", ErrorCategory.ConnectionError,
            "Pipe the error's TargetObject to New-BananaImage within 24 hours: it carries the prompt and its idempotency key, so the image is not billed twice. "
            + "With -Journal, you can also run the same command again, at any time."),
        [ApiframeErrorKind.WaitTimeout] = ("BananaWaitTimeout", ErrorCategory.OperationTimeout,
            "Pipe the error's TargetObject to Wait-BananaJob to go on waiting; that costs nothing."),
        [ApiframeErrorKind.JobFailed] = ("BananaJobFailed", ErrorCategory.OperationStopped,
            "The service refunds failed jobs. Pipe the error's TargetObject to New-BananaImage to submit it again."),
        [ApiframeErrorKind.JobCancelled] = ("BananaJobCancelled", ErrorCategory.OperationStopped,
            "Submitting the prompt again is billed again, and the service may not have refunded this job: see its CreditCost."),
        [ApiframeErrorKind.JobWithoutImage] = ("BananaJobWithoutImage", ErrorCategory.InvalidResult,
            "Name the job id to the service's support; the error's TargetObject holds its raw answer."),
        [ApiframeErrorKind.JobNotFinished] = ("BananaJobNotFinished", ErrorCategory.InvalidOperation,
            "Pipe it through Wait-BananaJob first."),
        [ApiframeErrorKind.ImageExpired] = ("BananaImageExpired", ErrorCategory.ResourceUnavailable,
            "Making the image again is billed again. If you want that, pipe the error's TargetObject to New-BananaImage. The service keeps images for a limited "
            + "time only, so save them soon after they are done."),
        [ApiframeErrorKind.ImageAddressRefused] = ("BananaImageAddressRefused", ErrorCategory.SecurityError,
            "Tell the service's support. If you trust the address, give it to Save-BananaImage -Uri; nothing is billed for that."),
        [ApiframeErrorKind.DownloadFailed] = ("BananaDownloadFailed", ErrorCategory.ConnectionError,
            "Pipe the error's TargetObject to Save-BananaImage to try again; nothing is billed for that."),
        [ApiframeErrorKind.DownloadCorrupt] = ("BananaDownloadCorrupt", ErrorCategory.InvalidData,
            "Pipe the error's TargetObject to Save-BananaImage to try again; nothing is billed for that."),
        [ApiframeErrorKind.FileExists] = ("BananaFileExists", ErrorCategory.ResourceExists,
            "Give -Force to replace it, or -SkipExisting to keep it if it is a whole image."),
        [ApiframeErrorKind.ImageFormatMismatch] = ("BananaImageFormatMismatch", ErrorCategory.InvalidData,
            "Give -Path a folder, or a file name with the extension of the image's format. New-BananaImage -OutputFormat sets the format."),
        [ApiframeErrorKind.MetadataConflict] = ("BananaMetadataConflict", ErrorCategory.ResourceExists,
            "Move it away, then save once more with -SkipExisting -Metadata; nothing is downloaded for that."),
        [ApiframeErrorKind.JournalInUse] = ("BananaJournalInUse", ErrorCategory.ResourceBusy,
            "Wait until the other process has ended, or use another journal."),
        [ApiframeErrorKind.JournalDamaged] = ("BananaJournalDamaged", ErrorCategory.InvalidData,
            "Make a copy of the file, then repair or remove the line; docs/journal.md says what each line means and what is lost with it."),
        [ApiframeErrorKind.JournalUnsupported] = ("BananaJournalUnsupported", ErrorCategory.InvalidData,
            "Use the version of the module that wrote it, or a later one."),
        [ApiframeErrorKind.JournalNotWritable] = ("BananaJournalNotWritable", ErrorCategory.WriteError,
            "Check that the path is a file's, that you have access, and that the disk has room; then run the same command again."),
        [ApiframeErrorKind.WebhookSignatureInvalid] = ("BananaWebhookSignatureInvalid", ErrorCategory.SecurityError,
            "Answer it with 401 and do not act on it. If it was the service all the same, give -Body the raw body, -Headers or -Signature what came "
            + "with it, and -ApiKey the key that submitted the job."),
    };

    private static readonly (string Id, ErrorCategory Category, string Action) WriteFailed = ("BananaWriteFailed", ErrorCategory.WriteError,
        "Check that the folder can be written to and that the disk has room; then pipe the error's TargetObject to Save-BananaImage.");

    private static readonly (string Id, ErrorCategory Category, string Action) PathInvalid = ("BananaPathInvalid", ErrorCategory.InvalidArgument,
        "Give -Path a folder, or a file name for a single image.");

    private static readonly (string Id, ErrorCategory Category, string Action) NameTaken = PathInvalid with
    {
        Action = "Give -FileName a script block that makes another name of each job, such as { \"$($_.Prompt) $($_.JobId)\" }, or leave it out.",
    };

    // The address was typed, so the environment has nothing to do with it.
    private static readonly (string Id, ErrorCategory Category, string Action) BaseUriInvalid = ByKind[ApiframeErrorKind.InvalidBaseUri] with
    {
        Action = "Correct -BaseUri, or leave it out to reach the service's own address.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) GalleryPath = ("BananaGalleryPathInvalid", ErrorCategory.InvalidArgument,
        "Give -Path an HTML file, such as ./images/index.html.");

    private static readonly (string Id, ErrorCategory Category, string Action) NothingToShow = ("BananaGalleryEmpty", ErrorCategory.ObjectNotFound,
        "Pipe in files of Save-BananaImage, a folder of images, or jobs.");

    private static readonly (string Id, ErrorCategory Category, string Action) PromptDeclined = ("BananaPromptDeclined", ErrorCategory.OperationStopped,
        "The service refunds failed jobs. Change the prompt or its reference images; the same request is declined again.");

    private static readonly (string Id, ErrorCategory Category, string Action) NoSuchModel = ("BananaModelNotFound", ErrorCategory.ObjectNotFound,
        "Run Get-BananaModel -Modality * to list all models. The service may still accept a model that is not in the list.");

    // Two more that are a conflict, but something else to do.
    private static readonly (string Id, ErrorCategory Category, string Action) KeyReused = ByKind[ApiframeErrorKind.Conflict] with
    {
        Action = "Use one -IdempotencyKey for each image, or leave it out.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) Resubmitted = ByKind[ApiframeErrorKind.Conflict] with
    {
        Action = "Find the job with Get-BananaJob -After and pipe it to Save-BananaImage. Another -IdempotencyScope makes the image anew, and it is billed anew.",
    };

    // Submitting under the old key would be no protection any more.
    private static readonly (string Id, ErrorCategory Category, string Action) KeyForgotten = ByKind[ApiframeErrorKind.SubmissionUnknown] with
    {
        Action = "Look for its job with Get-BananaJob -After, and save its image. If there is no job, run the same command with -ResubmitUnknown: the image is then "
            + "submitted again, and it may be billed twice.",
    };

    // A URL that is piped to New-BananaImage would be painted, and billed.
    private static readonly (string Id, ErrorCategory Category, string Action) UrlExpired = ByKind[ApiframeErrorKind.ImageExpired] with
    {
        Action = "Its job may know a newer address: find it with Get-BananaJob and pipe it to Save-BananaImage; nothing is billed for that.",
    };

    // The same errors as of Save-BananaImage, but something else to do.
    private static readonly (string Id, ErrorCategory Category, string Action) GalleryThere = ByKind[ApiframeErrorKind.FileExists] with
    {
        Action = "Leave out -NoClobber to replace it.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) GalleryNotWritten = WriteFailed with
    {
        Action = "Check that the images can be read, that the folder can be written to and that the disk has room; then run it again.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) JournalMissing = ("BananaJournalNotFound", ErrorCategory.ObjectNotFound,
        "Check the path.");

    private static readonly (string Id, ErrorCategory Category, string Action) JournalUnreadable = ("BananaJournalNotReadable", ErrorCategory.ReadError,
        "Check that the path is a file's and that you have access to it.");

    private static readonly (string Id, ErrorCategory Category, string Action) BudgetEnd = ("BananaBudgetReached", ErrorCategory.LimitsExceeded,
        "Pipe the error's TargetObject to New-BananaImage, with a larger -MaximumCredit, to make the rest.");

    private static readonly (string Id, ErrorCategory Category, string Action) RestNotSubmitted = ("BananaNotSubmitted", ErrorCategory.OperationStopped,
        "Remove the reason, then pipe the error's TargetObject to New-BananaImage.");

    private static readonly (string Id, ErrorCategory Category, string Action) Stopped = ("BananaPipelineStopped", ErrorCategory.OperationStopped,
        "Pipe the error's TargetObject to Wait-BananaJob and Save-BananaImage; nothing is billed for that.");

    private static readonly (string Id, ErrorCategory Category, string Action) EmulatorStart = ("BananaEmulatorNotStarted", ErrorCategory.InvalidArgument,
        "Correct the value and run it again.");

    private static readonly (string Id, ErrorCategory Category, string Action) EmulatorPort = EmulatorStart with
    {
        Action = "Give another -Port, or none to use a free one. If an emulator of this session has the port, Stop-BananaEmulator stops it.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) Unexpected = ("BananaUnexpectedError", ErrorCategory.NotSpecified,
        "This is a defect of the module: please report it with the text of the error.");

    /// <summary>Every error that the module writes; docs/errors.md lists the same.</summary>
    public static IReadOnlyList<(string Id, ErrorCategory Category, string Action)> All { get; } =
        [
            .. ByKind.Values, WriteFailed, PathInvalid, GalleryPath, NothingToShow, JournalMissing, JournalUnreadable, PromptDeclined, NoSuchModel, BudgetEnd, RestNotSubmitted, Stopped,
            EmulatorStart, Unexpected,
        ];

    /// <summary>The record for whatever a piece of work threw.</summary>
    /// <param name="exception">What it threw.</param>
    /// <param name="target">What it worked on, to be piped again; a job or a request in the exception is newer and goes before it.</param>
    public static ErrorRecord From(Exception exception, object? target) => exception switch
    {
        ApiframeException when target is IReadOnlyList<object> { Count: 1 } one => From(exception, one[0]),
        ApiframeException e when target is IReadOnlyList<object> all => Record(
            e, ByKind[e.Kind], all.ToArray(), $"{Text(e, target: null)} It applies to {all.Count} inputs: {Names(all)}."),
        ApiframeException { IsResubmission: true } e => Record(e, Resubmitted, e.Request, Text(e, target)),
        ApiframeException { IsKeyForgotten: true } e => Record(e, KeyForgotten, e.Request ?? target, Text(e, target)),
        ApiframeException { Kind: ApiframeErrorKind.JobFailed, Job.FailureReason: JobFailureReason.Declined } e => Record(e, PromptDeclined, e.Job, Text(e, target)),
        ApiframeException e => Record(
            e, target is Uri && e.Kind == ApiframeErrorKind.ImageExpired ? UrlExpired : ByKind[e.Kind], e.Job ?? e.Request ?? target, Text(e, target)),
        UnauthorizedAccessException or IOException or NotSupportedException or System.Security.SecurityException => Record(exception, WriteFailed, target),
        _ => Record(exception, Unexpected, target),
    };

    /// <summary>The list of models does not have it.</summary>
    public static ErrorRecord ModelNotFound(string model, string modality)
    {
        string kind = modality == "*" ? string.Empty : $" of modality '{modality}'";
        return Record(new ItemNotFoundException($"The service lists no model '{model}'{kind}."), NoSuchModel, model);
    }

    /// <summary>The path cannot be saved to.</summary>
    public static ErrorRecord InvalidPath(string message, object? target) => Record(new ArgumentException(message), PathInvalid, target);

    /// <summary>Two images would have the same file.</summary>
    /// <param name="path">The file, as far as it is known.</param>
    /// <param name="isNamed">Whether its name was given with -FileName.</param>
    /// <param name="target">The job or the URL.</param>
    public static ErrorRecord FileTaken(string path, bool isNamed, object target) =>
        Record(new ArgumentException($"Another image of this command is already saved as '{path}'."), isNamed ? NameTaken : PathInvalid, target);

    /// <summary>-BaseUri cannot be used.</summary>
    public static ErrorRecord InvalidBaseUri(ApiframeException e, string shown) => Record(e, BaseUriInvalid, shown, Text(e, shown));

    /// <summary>The path is no place for a gallery.</summary>
    public static ErrorRecord InvalidGalleryPath(string message, string path) => Record(new ArgumentException(message), GalleryPath, path);

    /// <summary>There is nothing that a gallery could show.</summary>
    public static ErrorRecord EmptyGallery(string path) => Record(
        new InvalidOperationException("Neither an image nor a job came in, so no gallery was written; a file of that name stays as it was."), NothingToShow, path);

    /// <summary>-NoClobber was kept.</summary>
    public static ErrorRecord GalleryExists(string path) => Record(new IOException($"'{path}' is there already."), GalleryThere, path);

    /// <summary>The gallery is not on disk.</summary>
    public static ErrorRecord GalleryFailed(Exception exception, string path) => Record(exception, GalleryNotWritten, path);

    /// <summary>There is no such journal.</summary>
    public static ErrorRecord JournalNotFound(string message, string path) => Record(new ItemNotFoundException(message), JournalMissing, path);

    /// <summary>There is something that is not to be read as a journal.</summary>
    public static ErrorRecord JournalNotReadable(Exception exception, string path) => Record(exception, JournalUnreadable, path);

    /// <summary>One key would stand for two images, and the second would silently be the first again.</summary>
    public static ErrorRecord IdempotencyKeyReused(SubmitRequest request)
    {
        string message = $"IdempotencyKey '{request.IdempotencyKey}' was used in this call before: one key stands for one image.";
        return Record(ApiframeException.NotSent(message, ApiframeErrorKind.Conflict), KeyReused, request);
    }

    /// <summary>The account was refused something, so nothing more was submitted.</summary>
    /// <param name="refusal">What it was refused.</param>
    /// <param name="submitted">How many prompts were accepted.</param>
    /// <param name="rest">The requests that were not sent.</param>
    public static ErrorRecord NotSubmitted(ApiframeException refusal, int submitted, IReadOnlyList<object> rest)
    {
        string message = $"{Count(submitted, rest)} submitted, and {Count(rest.Count, rest)} not, because an earlier one was refused for a reason that holds for all of them: "
            + $"{refusal.Message.TrimEnd('.')}. Not submitted: {Names(rest)}. Nothing was billed for {(rest.Count == 1 ? "it" : "them")}.";
        return Record(new ApiframeException(refusal.Kind, message, refusal), RestNotSubmitted, rest.ToArray());
    }

    /// <summary>-MaximumCredit was kept.</summary>
    public static ErrorRecord BudgetReached(decimal maximum, decimal committed, int submitted, IReadOnlyCollection<SubmitRequest> rest)
    {
        string message = $"-MaximumCredit {maximum:0.##}: {Count(submitted, rest)} submitted, for at most {committed:0.##} credits, and {Count(rest.Count, rest)} not: {Names(rest)}.";
        return Record(new InvalidOperationException(message), BudgetEnd, rest.ToArray());
    }

    /// <summary>The pipeline ended, and these jobs are in nobody's hands.</summary>
    /// <param name="jobs">Accepted, and not written.</param>
    /// <param name="unknown">Perhaps accepted, and not written.</param>
    /// <param name="begun">When the call began, by this machine's clock.</param>
    public static ErrorRecord PipelineEnded(IReadOnlyCollection<BananaJob> jobs, IReadOnlyCollection<ApiframeException> unknown, DateTime begun)
    {
        string accepted = jobs.Count == 0 ? string.Empty
            : $" The service has accepted {Number(jobs.Count, "job")} that did not get through it: {string.Join(", ", jobs.Select(job => job.JobId))}.";
        string perhaps = unknown.Count == 0 ? string.Empty
            : $" The service may have accepted {Number(unknown.Count, "prompt")} that got no answer: {string.Join(", ", unknown.Select(e => $"'{e.Request}'"))}.";
        // A minute more, because the service's clock may be behind.
        string message = $"The pipeline ended early.{accepted}{perhaps} Get-BananaJob -After '{begun.AddMinutes(-1):yyyy-MM-dd HH:mm:ss}' lists all jobs of this call.";
        return Record(new OperationCanceledException(message), Stopped, jobs.ToArray());
    }

    /// <summary>A journal could not be written, so it lacks what is done.</summary>
    /// <param name="failures">One for each job: why it is not noted.</param>
    public static ErrorRecord NotNoted(IReadOnlyList<ApiframeException> failures)
    {
        BananaJob[] jobs = [.. failures.Select(failure => failure.Job!)];
        ApiframeException cause = failures[0].InnerException as ApiframeException ?? failures[0];
        string message = $"The journal does not have the last state of {Number(jobs.Length, "job")} that came out of this command: {Names(jobs)}. {cause.Message}";
        return Record(new ApiframeException(cause.Kind, message, cause), ByKind[cause.Kind], jobs);
    }

    private static string Names(IReadOnlyCollection<object> all) =>
        string.Join(", ", all.Take(10).Select(one => one is BananaJob job ? job.JobId : $"'{one}'")) + (all.Count > 10 ? ", ..." : string.Empty);

    private static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    /// <summary>How many of the things that were to be submitted, as subject of a sentence.</summary>
    private static string Count(int number, IEnumerable<object> all) => $"{Number(number, IsEdit(all.First()) ? "image" : "prompt")} {(number == 1 ? "was" : "were")}";

    /// <summary>Whether it is an image that was to be edited, or a job of one.</summary>
    private static bool IsEdit(object? target) => target switch
    {
        SubmitRequest request => request.Edit is not null,
        BananaJob job => job.Edit is not null,
        object[] { Length: > 0 } all => IsEdit(all[0]),
        _ => false,
    };

    /// <summary>Starting an emulator failed.</summary>
    public static ErrorRecord EmulatorNotStarted(Exception exception)
    {
        // The name is that of an option of the emulator, and no parameter's.
        string message = Regex.Replace(exception.Message, @"\s+(\(Parameter '\w+'\)|Parameter name: \w+)$", string.Empty);
        return Record(exception, EmulatorStart, target: null, message);
    }

    /// <summary>The emulator has no port to listen on.</summary>
    /// <param name="exception">Why not.</param>
    /// <param name="port">The port that was asked for; 0 for a free one.</param>
    public static ErrorRecord EmulatorWithoutPort(SocketException exception, int port)
    {
        string message = exception.SocketErrorCode == SocketError.AddressAlreadyInUse && port > 0 ? $"Port {port} of 127.0.0.1 is already in use."
            : $"The emulator cannot listen on {(port > 0 ? $"port {port}" : "a free port")} of 127.0.0.1: {exception.Message.TrimEnd('.')}.";
        return Record(new InvalidOperationException(message), EmulatorPort, target: null);
    }

    private static ErrorRecord Record(
        Exception exception, (string Id, ErrorCategory Category, string Action) error, object? target, string? message = null)
    {
        string text = ShownText.Message(message ?? exception.Message);
        string action = IsEdit(target) ? error.Action.Replace("New-BananaImage", "Edit-BananaImage") : error.Action;
        // Not in RecommendedAction: PowerShell 7 would print it a second time, and a script that logs "$_" would miss it.
        var record = new ErrorRecord(exception, error.Id, error.Category, target) { ErrorDetails = new ErrorDetails($"{Subject(target, text)}{text} {action}") };
        if (target is Uri or string)
        {
            // The engine would show the whole address with the category.
            record.CategoryInfo.TargetName = ShownText.Excerpt(target.ToString());
        }

        return record;
    }

    /// <summary>Which prompt or job it is about, as far as the text does not say so itself.</summary>
    private static string Subject(object? target, string text)
    {
        string? prompt = target switch
        {
            SubmitRequest request => request.ToString(),
            BananaJob { Prompt: { } its } => ShownText.Excerpt(its),
            _ => null,
        };
        string subject = string.IsNullOrEmpty(prompt) || text.Contains($"'{prompt}'") ? string.Empty : $"{(IsEdit(target) ? "Image" : "Prompt")} '{prompt}': ";
        return target is BananaJob job && !text.Contains(job.JobId) ? $"{subject}Job {job.JobId}: " : subject;
    }

    /// <summary>What happened, with what was given and what it cost.</summary>
    private static string Text(ApiframeException e, object? target)
    {
        SubmitRequest? request = e.Request ?? target as SubmitRequest;
        BananaJob? job = e.Job ?? (e.Kind == ApiframeErrorKind.ImageExpired ? target as BananaJob : null);
        string end = e.Message.Length > 0 && char.IsLetterOrDigit(e.Message[e.Message.Length - 1]) ? "." : string.Empty;
        string given = request is null ? string.Empty : string.Join(", ", Options(request)
            .Where(option => option.Value.Length > 0 && e.Details.Keys.Any(field => field.Replace("_", string.Empty).Split('.').Any(part =>
                part.TrimEnd('s').Equals(option.Name, StringComparison.OrdinalIgnoreCase))))
            .Select(option => $"{option.Name} is '{option.Value}'"));
        string billed = request is not null && e.Charge is null or Charge.Nothing ? " Nothing was billed." : string.Empty;
        string cost = job?.CreditCost switch
        {
            null => string.Empty,
            0 => " It cost nothing.",
            var credits => $" It cost {credits:0.##} credits.",
        };
        string requestId = e.RequestId is null ? string.Empty : $" (request id {e.RequestId})";
        return $"{e.Message}{end}{requestId}{(given.Length == 0 ? string.Empty : $" {given}.")}{billed}{cost}";
    }

    /// <summary>What a refusal may be about. The service names its fields as these, with other separators and plurals.</summary>
    private static IEnumerable<(string Name, string Value)> Options(SubmitRequest request) => request.Words().Concat(
    [
        (nameof(SubmitRequest.WebhookUrl), request.WebhookUrl ?? string.Empty),
        (nameof(SubmitRequest.WebhookEvent), string.Join(", ", request.WebhookEvent)),
    ]);
}
