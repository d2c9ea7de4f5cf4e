using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>Creates every error record. The IDs are part of the module's interface: they are fixed and never built from data.</summary>
internal static class Errors
{
    private static readonly Dictionary<ApiframeErrorKind, (string Id, ErrorCategory Category, string Action)> ByKind = new()
    {
        [ApiframeErrorKind.MissingApiKey] = ("BananaApiKeyMissing", ErrorCategory.AuthenticationError,
            "Set $env:APIFRAME_API_KEY, or use -ApiKey. To try the module without an account, run Start-BananaEmulator -SetEnvironment."),
        [ApiframeErrorKind.InvalidBaseUri] = ("BananaBaseUriInvalid", ErrorCategory.InvalidArgument,
            "Correct $env:APIFRAME_BASE_URL, or remove it to use the address of the Apiframe service."),
        [ApiframeErrorKind.InvalidRequest] = ("BananaRequestInvalid", ErrorCategory.InvalidArgument,
            "Correct the value and run the command again."),
        [ApiframeErrorKind.Authentication] = ("BananaAuthenticationFailed", ErrorCategory.AuthenticationError,
            "Check $env:APIFRAME_API_KEY or -ApiKey. The key may be mistyped, revoked, or for another product."),
        [ApiframeErrorKind.InsufficientCredits] = ("BananaInsufficientCredits", ErrorCategory.QuotaExceeded,
            "Add credits, and then pipe the error's TargetObject to New-BananaImage."),
        [ApiframeErrorKind.Forbidden] = ("BananaAccessDenied", ErrorCategory.PermissionDenied,
            "Ask the administrator of the team to activate the key or to grant the permission."),
        [ApiframeErrorKind.NotFound] = ("BananaJobNotFound", ErrorCategory.ObjectNotFound,
            "Check the ID, and check that the key belongs to the user who submitted the job. Get-BananaJob lists the jobs of that user."),
        [ApiframeErrorKind.Conflict] = ("BananaIdempotencyConflict", ErrorCategory.InvalidOperation,
            "If this was the same image in another form, find its job with Get-BananaJob. Otherwise, use a different -IdempotencyKey for each image, or omit the parameter."),
        [ApiframeErrorKind.RateLimited] = ("BananaRateLimited", ErrorCategory.LimitsExceeded,
            "Try again later, or use a smaller -ThrottleLimit."),
        [ApiframeErrorKind.ServiceUnavailable] = ("BananaServiceUnavailable", ErrorCategory.ResourceUnavailable,
            "Try again later."),
        [ApiframeErrorKind.Gateway] = ("BananaGatewayError", ErrorCategory.ConnectionError,
            "Try again later. If the error persists, check the proxies and firewalls between this computer and the service."),
        [ApiframeErrorKind.RequestTimeout] = ("BananaRequestTimeout", ErrorCategory.OperationTimeout,
            "Try again later."),
        [ApiframeErrorKind.Network] = ("BananaConnectionFailed", ErrorCategory.ConnectionError,
            "Check the network, the proxy, and $env:APIFRAME_BASE_URL."),
        [ApiframeErrorKind.InvalidResponse] = ("BananaResponseInvalid", ErrorCategory.ProtocolError,
            "Check that $env:APIFRAME_BASE_URL is the address of an Apiframe v2 service."),
        [ApiframeErrorKind.SubmissionUnknown] = ("BananaSubmissionUnknown", ErrorCategory.ConnectionError,
            "Pipe the error's TargetObject to New-BananaImage within 24 hours. It contains the prompt and its idempotency key, so the image is not billed twice. "
            + "With -Journal, you can also run the same command again at any time."),
        [ApiframeErrorKind.WaitTimeout] = ("BananaWaitTimeout", ErrorCategory.OperationTimeout,
            "To continue waiting, pipe the error's TargetObject to Wait-BananaJob. Waiting costs nothing."),
        [ApiframeErrorKind.JobFailed] = ("BananaJobFailed", ErrorCategory.OperationStopped,
            "The service refunds failed jobs. To submit the prompt again, pipe the error's TargetObject to New-BananaImage."),
        [ApiframeErrorKind.JobCancelled] = ("BananaJobCancelled", ErrorCategory.OperationStopped,
            "The CreditCost property of the job shows whether it was refunded. If you submit the prompt again, it is billed again."),
        [ApiframeErrorKind.JobWithoutImage] = ("BananaJobWithoutImage", ErrorCategory.InvalidResult,
            "Report the job ID to the support of the service. The error's TargetObject contains the raw response."),
        [ApiframeErrorKind.JobNotFinished] = ("BananaJobNotFinished", ErrorCategory.InvalidOperation,
            "Pipe the job to Wait-BananaJob first."),
        [ApiframeErrorKind.ImageExpired] = ("BananaImageExpired", ErrorCategory.ResourceUnavailable,
            "To make the image again, which is billed again, pipe the error's TargetObject to New-BananaImage. The service keeps images only for a limited "
            + "time, so save them soon after they are completed."),
        [ApiframeErrorKind.ImageAddressRefused] = ("BananaImageAddressRefused", ErrorCategory.SecurityError,
            "Report the address to the support of the service. If you trust it, save the image with Save-BananaImage -Uri. Saving costs nothing."),
        [ApiframeErrorKind.DownloadFailed] = ("BananaDownloadFailed", ErrorCategory.ConnectionError,
            "To try again, pipe the error's TargetObject to Save-BananaImage. Saving costs nothing."),
        [ApiframeErrorKind.DownloadCorrupt] = ("BananaDownloadCorrupt", ErrorCategory.InvalidData,
            "To try again, pipe the error's TargetObject to Save-BananaImage. Saving costs nothing."),
        [ApiframeErrorKind.FileExists] = ("BananaFileExists", ErrorCategory.ResourceExists,
            "Use -Force to replace the file, or -SkipExisting to keep it if it is a complete image."),
        [ApiframeErrorKind.ImageFormatMismatch] = ("BananaImageFormatMismatch", ErrorCategory.InvalidData,
            "Set -Path to a folder, or to a file name with the extension of the image's format. New-BananaImage -OutputFormat sets the format."),
        [ApiframeErrorKind.MetadataConflict] = ("BananaMetadataConflict", ErrorCategory.ResourceExists,
            "Move that file to another folder, and then save the image again with -SkipExisting -Metadata. The image is not downloaded again."),
        [ApiframeErrorKind.JournalInUse] = ("BananaJournalInUse", ErrorCategory.ResourceBusy,
            "Wait until the other process ends, or use another journal."),
        [ApiframeErrorKind.JournalDamaged] = ("BananaJournalDamaged", ErrorCategory.InvalidData,
            "Make a copy of the file, and then repair or remove the line. docs/journal.md describes the lines, and what is lost with each."),
        [ApiframeErrorKind.JournalUnsupported] = ("BananaJournalUnsupported", ErrorCategory.InvalidData,
            "Use the version of the module that wrote the journal, or a later one."),
        [ApiframeErrorKind.JournalNotWritable] = ("BananaJournalNotWritable", ErrorCategory.WriteError,
            "Check that the path is a file path, that you have write access, and that the disk has free space. Then run the same command again."),
        [ApiframeErrorKind.WebhookSignatureInvalid] = ("BananaWebhookSignatureInvalid", ErrorCategory.SecurityError,
            "Respond with status 401 and do not process the webhook. If the service did send it, check that -Body is the raw body, that -Headers or -Signature comes "
            + "from the same request, and that -ApiKey is the key that submitted the job."),
    };

    private static readonly (string Id, ErrorCategory Category, string Action) WriteFailed = ("BananaWriteFailed", ErrorCategory.WriteError,
        "Check that you have write access to the folder and that the disk has free space. Then pipe the error's TargetObject to Save-BananaImage.");

    private static readonly (string Id, ErrorCategory Category, string Action) PathInvalid = ("BananaPathInvalid", ErrorCategory.InvalidArgument,
        "Set -Path to a folder, or to a file name for a single image.");

    private static readonly (string Id, ErrorCategory Category, string Action) NameTaken = PathInvalid with
    {
        Action = "Set -FileName to a script block that returns a different name for each job, such as { \"$($_.Prompt) $($_.JobId)\" }, or omit the parameter.",
    };

    // The address was specified with -BaseUri, so the advice must not mention the environment variable.
    private static readonly (string Id, ErrorCategory Category, string Action) BaseUriInvalid = ByKind[ApiframeErrorKind.InvalidBaseUri] with
    {
        Action = "Correct -BaseUri, or omit it to use the address of the Apiframe service.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) GalleryPath = ("BananaGalleryPathInvalid", ErrorCategory.InvalidArgument,
        "Set -Path to an HTML file, such as ./images/index.html.");

    private static readonly (string Id, ErrorCategory Category, string Action) NothingToShow = ("BananaGalleryEmpty", ErrorCategory.ObjectNotFound,
        "Pipe files from Save-BananaImage, a folder of images, or jobs to Export-BananaGallery.");

    private static readonly (string Id, ErrorCategory Category, string Action) PromptDeclined = ("BananaPromptDeclined", ErrorCategory.OperationStopped,
        "The service refunds failed jobs. Change the prompt or its reference images, because the same request is declined again.");

    private static readonly (string Id, ErrorCategory Category, string Action) NoSuchModel = ("BananaModelNotFound", ErrorCategory.ObjectNotFound,
        "To list all models, run Get-BananaModel -Modality *. The service may also accept a model that is not in the list.");

    // This is the same error with different advice.
    private static readonly (string Id, ErrorCategory Category, string Action) KeyReused = ByKind[ApiframeErrorKind.Conflict] with
    {
        Action = "Use a different -IdempotencyKey for each image, or omit the parameter.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) Resubmitted = ByKind[ApiframeErrorKind.Conflict] with
    {
        Action = "Find the job with Get-BananaJob -After and pipe it to Save-BananaImage. With another -IdempotencyScope, the image is made again and billed again.",
    };

    // The service may have forgotten the old key, so submitting under it again could be billed twice.
    private static readonly (string Id, ErrorCategory Category, string Action) KeyForgotten = ByKind[ApiframeErrorKind.SubmissionUnknown] with
    {
        Action = "Look for the job with Get-BananaJob -After, and save its image. If no job exists, run the same command with -ResubmitUnknown. The image is then "
            + "submitted again, and it may be billed twice.",
    };

    // New-BananaImage would interpret a URL as a prompt and bill it.
    private static readonly (string Id, ErrorCategory Category, string Action) UrlExpired = ByKind[ApiframeErrorKind.ImageExpired] with
    {
        Action = "The job may have a newer address. Find the job with Get-BananaJob and pipe it to Save-BananaImage. Saving costs nothing.",
    };

    // These are the errors of Save-BananaImage with different advice.
    private static readonly (string Id, ErrorCategory Category, string Action) GalleryThere = ByKind[ApiframeErrorKind.FileExists] with
    {
        Action = "To replace the file, omit -NoClobber.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) GalleryNotWritten = WriteFailed with
    {
        Action = "Check that you have read access to the images and write access to the folder, and that the disk has free space. Then run the command again.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) JournalMissing = ("BananaJournalNotFound", ErrorCategory.ObjectNotFound,
        "Check the path. New-BananaImage -Journal creates a journal.");

    private static readonly (string Id, ErrorCategory Category, string Action) JournalUnreadable = ("BananaJournalNotReadable", ErrorCategory.ReadError,
        "Check that the path is a file path and that you have read access to the file.");

    private static readonly (string Id, ErrorCategory Category, string Action) BudgetEnd = ("BananaBudgetReached", ErrorCategory.LimitsExceeded,
        "To submit the others, pipe the error's TargetObject to New-BananaImage with a larger -MaximumCredit.");

    private static readonly (string Id, ErrorCategory Category, string Action) RestNotSubmitted = ("BananaNotSubmitted", ErrorCategory.OperationStopped,
        "Fix the cause, and then pipe the error's TargetObject to New-BananaImage.");

    private static readonly (string Id, ErrorCategory Category, string Action) Stopped = ("BananaPipelineStopped", ErrorCategory.OperationStopped,
        "To get the images, pipe the error's TargetObject to Wait-BananaJob and Save-BananaImage. Neither costs anything.");

    private static readonly (string Id, ErrorCategory Category, string Action) EmulatorStart = ("BananaEmulatorNotStarted", ErrorCategory.InvalidArgument,
        "Correct the value and run the command again.");

    private static readonly (string Id, ErrorCategory Category, string Action) EmulatorPort = EmulatorStart with
    {
        Action = "Specify another -Port, or omit it to use a free port. If an emulator of this session uses the port, stop it with Stop-BananaEmulator.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) Unexpected = ("BananaUnexpectedError", ErrorCategory.NotSpecified,
        "This is a defect in the module. Report it with the text of this error.");

    /// <summary>Every error that the module writes. docs/errors.md lists the same errors.</summary>
    public static IReadOnlyList<(string Id, ErrorCategory Category, string Action)> All { get; } =
        [
            .. ByKind.Values, WriteFailed, PathInvalid, GalleryPath, NothingToShow, JournalMissing, JournalUnreadable, PromptDeclined, NoSuchModel, BudgetEnd, RestNotSubmitted, Stopped,
            EmulatorStart, Unexpected,
        ];

    /// <summary>Creates the record for any exception of a piece of work.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="target">The target of the work, which can be piped again. A job or a request in the exception is newer and takes precedence.</param>
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

    public static ErrorRecord ModelNotFound(string model, string modality)
    {
        string kind = modality == "*" ? string.Empty : $" of modality '{modality}'";
        return Record(new ItemNotFoundException($"The service does not list a model '{model}'{kind}."), NoSuchModel, model);
    }

    public static ErrorRecord InvalidPath(string message, object? target) => Record(new ArgumentException(message), PathInvalid, target);

    /// <summary>Two images have the same file.</summary>
    /// <param name="path">The path of the file, as far as it is known.</param>
    /// <param name="isNamed">Whether -FileName specified its name.</param>
    /// <param name="target">The job or the URL.</param>
    public static ErrorRecord FileTaken(string path, bool isNamed, object target) =>
        Record(new ArgumentException($"Another image of this command is already saved as '{path}'."), isNamed ? NameTaken : PathInvalid, target);

    public static ErrorRecord InvalidBaseUri(ApiframeException e, string shown) => Record(e, BaseUriInvalid, shown, Text(e, shown));

    public static ErrorRecord InvalidGalleryPath(string message, string path) => Record(new ArgumentException(message), GalleryPath, path);

    public static ErrorRecord EmptyGallery(string path) => Record(
        new InvalidOperationException($"No images and no jobs were piped in, so the gallery '{path}' was not written. An existing file with that name was not changed."), NothingToShow, path);

    /// <summary>The gallery exists, and -NoClobber was specified.</summary>
    public static ErrorRecord GalleryExists(string path) => Record(new IOException($"'{path}' already exists."), GalleryThere, path);

    public static ErrorRecord GalleryFailed(Exception exception, string path) => Record(exception, GalleryNotWritten, path);

    public static ErrorRecord JournalNotFound(string message, string path) => Record(new ItemNotFoundException(message), JournalMissing, path);

    /// <summary>The file exists but cannot be read as a journal.</summary>
    public static ErrorRecord JournalNotReadable(Exception exception, string path) => Record(exception, JournalUnreadable, path);

    /// <summary>Two images have the same key. The second submission would return the job of the first.</summary>
    public static ErrorRecord IdempotencyKeyReused(SubmitRequest request)
    {
        string message = $"IdempotencyKey '{request.IdempotencyKey}' was already used in this command. A key identifies one image.";
        return Record(ApiframeException.NotSent(message, ApiframeErrorKind.Conflict), KeyReused, request);
    }

    /// <summary>The service rejected the account, so nothing more was submitted.</summary>
    /// <param name="refusal">The rejection.</param>
    /// <param name="submitted">The number of accepted prompts.</param>
    /// <param name="rest">The requests that were not sent.</param>
    public static ErrorRecord NotSubmitted(ApiframeException refusal, int submitted, IReadOnlyList<object> rest)
    {
        string message = $"{Count(submitted, rest)} submitted and {Count(rest.Count, rest)} not submitted, because an earlier one was rejected for a reason that applies to all of them: "
            + $"{refusal.Message.TrimEnd('.')}. Not submitted: {Names(rest)}. Nothing was billed for {(rest.Count == 1 ? "it" : "them")}.";
        return Record(new ApiframeException(refusal.Kind, message, refusal), RestNotSubmitted, rest.ToArray());
    }

    /// <summary>The images were not submitted because of -MaximumCredit.</summary>
    public static ErrorRecord BudgetReached(decimal maximum, decimal committed, int submitted, IReadOnlyCollection<SubmitRequest> rest)
    {
        string message = $"-MaximumCredit {maximum:0.##} was reached: {Count(submitted, rest)} submitted for at most {committed:0.##} credits, and {Count(rest.Count, rest)} not submitted: {Names(rest)}.";
        return Record(new InvalidOperationException(message), BudgetEnd, rest.ToArray());
    }

    /// <summary>The pipeline ended, and the accepted jobs were not written.</summary>
    /// <param name="jobs">The jobs that were accepted and not written.</param>
    /// <param name="unknown">The errors of images that may have been accepted, which were not written.</param>
    /// <param name="begun">The start of the command, by the clock of this computer.</param>
    public static ErrorRecord PipelineEnded(IReadOnlyCollection<BananaJob> jobs, IReadOnlyCollection<ApiframeException> unknown, DateTime begun)
    {
        string accepted = jobs.Count == 0 ? string.Empty
            : $" The service accepted {Number(jobs.Count, "job")} that the command did not return: {string.Join(", ", jobs.Select(job => job.JobId))}.";
        string perhaps = unknown.Count == 0 ? string.Empty
            : $" The service may have accepted {Number(unknown.Count, "prompt")} without a response: {string.Join(", ", unknown.Select(e => $"'{e.Request}'"))}.";
        // One minute is subtracted, because the clock of the service may be behind.
        string message = $"The pipeline ended early.{accepted}{perhaps} Get-BananaJob -After '{begun.AddMinutes(-1):yyyy-MM-dd HH:mm:ss}' lists all jobs of this command.";
        return Record(new OperationCanceledException(message), Stopped, jobs.ToArray());
    }

    /// <summary>A journal could not be written, so it does not record work that was done.</summary>
    /// <param name="failures">The error for each job.</param>
    public static ErrorRecord NotNoted(IReadOnlyList<ApiframeException> failures)
    {
        BananaJob[] jobs = [.. failures.Select(failure => failure.Job!)];
        ApiframeException cause = failures[0].InnerException as ApiframeException ?? failures[0];
        string message = $"The journal does not record the last state of {Number(jobs.Length, "job")} of this command: {Names(jobs)}. {cause.Message}";
        return Record(new ApiframeException(cause.Kind, message, cause), ByKind[cause.Kind], jobs);
    }

    private static string Names(IReadOnlyCollection<object> all) =>
        string.Join(", ", all.Take(10).Select(one => one is BananaJob job ? job.JobId : $"'{one}'")) + (all.Count > 10 ? ", ..." : string.Empty);

    private static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    /// <summary>Returns the number of images or prompts as the subject of a sentence.</summary>
    private static string Count(int number, IEnumerable<object> all) => $"{Number(number, IsEdit(all.First()) ? "image" : "prompt")} {(number == 1 ? "was" : "were")}";

    /// <summary>Whether the target is an edit or the job of one.</summary>
    private static bool IsEdit(object? target) => target switch
    {
        SubmitRequest request => request.Edit is not null,
        BananaJob job => job.Edit is not null,
        object[] { Length: > 0 } all => IsEdit(all[0]),
        _ => false,
    };

    public static ErrorRecord EmulatorNotStarted(Exception exception)
    {
        // The exception contains the name of an option of the emulator, which is not the name of a parameter.
        string message = Regex.Replace(exception.Message, @"\s+(\(Parameter '\w+'\)|Parameter name: \w+)$", string.Empty);
        return Record(exception, EmulatorStart, target: null, message);
    }

    /// <summary>The emulator could not get a port.</summary>
    /// <param name="exception">The reason.</param>
    /// <param name="port">The specified port, or 0 for a free port.</param>
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
        // RecommendedAction is not used, because PowerShell 7 would show it a second time, and a script that logs "$_" would not contain it.
        var record = new ErrorRecord(exception, error.Id, error.Category, target) { ErrorDetails = new ErrorDetails($"{Subject(target, text)}{text} {action}") };
        if (target is Uri or string)
        {
            // PowerShell would show the complete address with the category.
            record.CategoryInfo.TargetName = ShownText.Excerpt(target.ToString());
        }

        return record;
    }

    /// <summary>Returns the prompt or the job of an error, unless the text already contains it.</summary>
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

    /// <summary>Returns the text of an error, with the specified value and the charge.</summary>
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
        string requestId = e.RequestId is null ? string.Empty : $" (request ID {e.RequestId})";
        return $"{e.Message}{end}{requestId}{(given.Length == 0 ? string.Empty : $" {given}.")}{billed}{cost}";
    }

    /// <summary>Returns the options that a rejection can be about. The service uses similar names, with other separators and plurals.</summary>
    private static IEnumerable<(string Name, string Value)> Options(SubmitRequest request) => request.Words().Concat(
    [
        (nameof(SubmitRequest.WebhookUrl), request.WebhookUrl ?? string.Empty),
        (nameof(SubmitRequest.WebhookEvent), string.Join(", ", request.WebhookEvent)),
    ]);
}
