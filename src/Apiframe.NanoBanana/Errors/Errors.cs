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
    /// <summary>What <see cref="ApiframeException.NotSent"/> adds to a message.</summary>
    private const string NotSent = "No request was sent.";

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
            "Check the ID, and check that the API key belongs to the user who submitted the job. Get-BananaJob lists the jobs of the user that the API key belongs to."),
        [ApiframeErrorKind.Conflict] = ("BananaIdempotencyConflict", ErrorCategory.InvalidOperation,
            "If you submitted the same image before with different values, find its job with Get-BananaJob. Otherwise, use a different -IdempotencyKey for each image, or omit the parameter."),
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
            "Pipe the error's TargetObject to New-BananaImage within 24 hours. TargetObject contains the prompt and its idempotency key, so the image is not "
            + "billed twice. After 24 hours, it may be billed twice. With -Journal, you can also run the same command again at any time."),
        [ApiframeErrorKind.WaitTimeout] = ("BananaWaitTimeout", ErrorCategory.OperationTimeout,
            "To continue waiting, pipe the error's TargetObject to Wait-BananaJob. Waiting costs nothing."),
        [ApiframeErrorKind.JobFailed] = ("BananaJobFailed", ErrorCategory.OperationStopped,
            "To submit the prompt again, pipe the error's TargetObject to New-BananaImage."),
        [ApiframeErrorKind.JobCancelled] = ("BananaJobCancelled", ErrorCategory.OperationStopped,
            "If you submit the prompt again, the new job is billed."),
        [ApiframeErrorKind.JobWithoutImage] = ("BananaJobWithoutImage", ErrorCategory.InvalidResult,
            "To try again later, pipe the error's TargetObject to Wait-BananaJob. If there is still no image, report the job ID to Apiframe support. TargetObject contains the raw response."),
        [ApiframeErrorKind.JobNotFinished] = ("BananaJobNotFinished", ErrorCategory.InvalidOperation,
            "Pipe the job to Wait-BananaJob first."),
        [ApiframeErrorKind.ImageExpired] = ("BananaImageExpired", ErrorCategory.ResourceUnavailable,
            "If you make the image again, the new image is billed. To make it, pipe the error's TargetObject to New-BananaImage. The service keeps images only for a limited "
            + "time, so save them soon after their jobs are completed."),
        [ApiframeErrorKind.ImageAddressRefused] = ("BananaImageAddressRefused", ErrorCategory.SecurityError,
            "Report the address to Apiframe support. If you trust the address, save the image with Save-BananaImage -Uri. Saving costs nothing."),
        [ApiframeErrorKind.DownloadFailed] = ("BananaDownloadFailed", ErrorCategory.ConnectionError,
            "To try again, pipe the error's TargetObject to Save-BananaImage. Saving costs nothing."),
        [ApiframeErrorKind.DownloadCorrupt] = ("BananaDownloadCorrupt", ErrorCategory.InvalidData,
            "To try again, pipe the error's TargetObject to Save-BananaImage. Saving costs nothing."),
        [ApiframeErrorKind.FileExists] = ("BananaFileExists", ErrorCategory.ResourceExists,
            "Use -Force to replace the file, or -SkipExisting to keep it if it is a complete image."),
        [ApiframeErrorKind.ImageFormatMismatch] = ("BananaImageFormatMismatch", ErrorCategory.InvalidData,
            "Set -Path to a folder, or to a file name with the extension of the image's format. New-BananaImage -OutputFormat sets the format."),
        [ApiframeErrorKind.MetadataConflict] = ("BananaMetadataConflict", ErrorCategory.ResourceExists,
            "Move the existing .json file to another folder, and then save the image again with -SkipExisting -Metadata. The image is not downloaded again."),
        [ApiframeErrorKind.JournalInUse] = ("BananaJournalInUse", ErrorCategory.ResourceBusy,
            "Wait until the other process ends, and then run the same command again. With another journal, all prompts are submitted and billed again."),
        [ApiframeErrorKind.JournalDamaged] = ("BananaJournalDamaged", ErrorCategory.InvalidData,
            "Check the path. If the file is a journal, make a copy of it, and then repair or remove the line. docs/journal.md describes the lines, and what is lost if you remove a line."),
        [ApiframeErrorKind.JournalUnsupported] = ("BananaJournalUnsupported", ErrorCategory.InvalidData,
            "Use the version of the module that wrote the journal, or a later version."),
        [ApiframeErrorKind.JournalNotWritable] = ("BananaJournalNotWritable", ErrorCategory.WriteError,
            "Check that the path is a file path, that you have write access, and that the disk has free space. Then run the same command again."),
        [ApiframeErrorKind.WebhookSignatureInvalid] = ("BananaWebhookSignatureInvalid", ErrorCategory.SecurityError,
            "Respond with status 401 and do not process the webhook. If you expected this webhook, check these values: -Body must be the raw body, -Headers or "
            + "-Signature must come from the same request, and -ApiKey must be the key with which the job was submitted."),
    };

    private static readonly (string Id, ErrorCategory Category, string Action) WriteFailed = ("BananaWriteFailed", ErrorCategory.WriteError,
        "Check that you have write access to the folder and that the disk has free space. Then pipe the error's TargetObject to Save-BananaImage.");

    private static readonly (string Id, ErrorCategory Category, string Action) PathInvalid = ("BananaPathInvalid", ErrorCategory.InvalidArgument,
        "Set -Path to a folder, or to a file name for a single image.");

    private static readonly (string Id, ErrorCategory Category, string Action) NameTaken = PathInvalid with
    {
        Action = "Set -FileName to a script block that returns a different name for each job, such as { \"$($_.Prompt) $($_.JobId)\" }. You can also omit the parameter.",
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
        "Change the prompt or its reference images, because the same request would be declined again.");

    private static readonly (string Id, ErrorCategory Category, string Action) NoSuchModel = ("BananaModelNotFound", ErrorCategory.ObjectNotFound,
        "To list all models, run Get-BananaModel -Modality *. The service may also accept a model that is not in the list.");

    // This is the same error with different advice.
    private static readonly (string Id, ErrorCategory Category, string Action) Redirected = ByKind[ApiframeErrorKind.Gateway] with
    {
        Action = "Check $env:APIFRAME_BASE_URL, or the -BaseUri of the connection.",
    };

    private static readonly (string Id, ErrorCategory Category, string Action) ProxyRefused = ByKind[ApiframeErrorKind.Gateway] with
    {
        Action = "Specify a valid -ProxyCredential for New-BananaConnection.",
    };

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
        Action = "Search for the job with Get-BananaJob -After. If the job exists, save its image. If no job exists, run the same command with -ResubmitUnknown. The image is then "
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
        "To submit these prompts, pipe the error's TargetObject to New-BananaImage with a larger -MaximumCredit.");

    private static readonly (string Id, ErrorCategory Category, string Action) RestNotSubmitted = ("BananaNotSubmitted", ErrorCategory.OperationStopped,
        "Fix the cause, and then pipe the error's TargetObject to New-BananaImage.");

    private static readonly (string Id, ErrorCategory Category, string Action) Stopped = ("BananaPipelineStopped", ErrorCategory.OperationStopped,
        "To get the images, pipe the error's TargetObject to Wait-BananaJob and Save-BananaImage. Waiting and saving cost nothing.");

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
            e, Error(e, target), all.ToArray(), $"{Text(e, target: null)} This error applies to {all.Count} inputs: {Names(all)}."),
        ApiframeException e => Record(e, Error(e, target), e.Job ?? e.Request ?? target, Text(e, target)),
        UnauthorizedAccessException or IOException or NotSupportedException or System.Security.SecurityException => Record(exception, WriteFailed, target),
        _ => Record(exception, Unexpected, target),
    };

    /// <summary>Returns the ID, the category, and the advice for an exception.</summary>
    private static (string Id, ErrorCategory Category, string Action) Error(ApiframeException e, object? target) => e switch
    {
        { IsResubmission: true } => Resubmitted,
        { IsKeyForgotten: true } => KeyForgotten,
        { Kind: ApiframeErrorKind.JobFailed, Job.FailureReason: JobFailureReason.Declined } => PromptDeclined,
        { Kind: ApiframeErrorKind.ImageExpired } when target is Uri => UrlExpired,
        { Kind: ApiframeErrorKind.Gateway, StatusCode: 407 } => ProxyRefused,
        { Kind: ApiframeErrorKind.Gateway, StatusCode: >= 300 and < 400 } => Redirected,
        // The message of a check says what to do. The service's message does not.
        { Kind: ApiframeErrorKind.InvalidRequest, StatusCode: null } => ByKind[e.Kind] with { Action = string.Empty },
        _ => ByKind[e.Kind],
    };

    public static ErrorRecord ModelNotFound(string model, string modality)
    {
        string kind = modality == "*" ? string.Empty : $" in the modality '{modality}'";
        return Record(new ItemNotFoundException($"The service does not list a model named '{model}'{kind}."), NoSuchModel, model);
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
        string what = Word(rest[0]);
        string before = submitted == 0 ? string.Empty : $" {Count(submitted, what)} accepted.";
        string message = $"An earlier {what} was rejected for a reason that applies to all {what}s: {Sentence(refusal.Message)} "
            + $"{Count(rest.Count, what)} not submitted and not billed: {Names(rest)}.{before}";
        return Record(new ApiframeException(refusal.Kind, message, refusal), RestNotSubmitted, rest.ToArray());
    }

    /// <summary>The images were not submitted because of -MaximumCredit.</summary>
    public static ErrorRecord BudgetReached(decimal maximum, decimal committed, int submitted, IReadOnlyCollection<SubmitRequest> rest)
    {
        string what = Word(rest.First());
        string message = $"-MaximumCredit {maximum:0.##} does not cover the next {what}. {Count(submitted, what)} submitted for at most {committed:0.##} credits. "
            + $"{Count(rest.Count, what)} not submitted: {Names(rest)}.";
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
            : $" The service did not respond to {Number(unknown.Count, "prompt")}, which it may have accepted: {string.Join(", ", unknown.Select(e => $"'{e.Request}'"))}.";
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
    private static string Count(int number, string what) => $"{Number(number, what)} {(number == 1 ? "was" : "were")}";

    /// <summary>Returns the word for a request. An edit has an image, but may have no prompt.</summary>
    private static string Word(object? target) => IsEdit(target) ? "image" : "prompt";

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
        string text = Named(Sentence(ShownText.Message(message ?? exception.Message)), target);
        string action = IsEdit(target) ? error.Action.Replace("New-BananaImage", "Edit-BananaImage") : error.Action;
        // RecommendedAction is not used, because PowerShell 7 would show it a second time, and a script that logs "$_" would not contain it.
        var record = new ErrorRecord(exception, error.Id, error.Category, target) { ErrorDetails = new ErrorDetails($"{text} {action}".TrimEnd()) };
        if (target is Uri or string)
        {
            // PowerShell would show the complete address with the category.
            record.CategoryInfo.TargetName = ShownText.Excerpt(target.ToString());
        }

        return record;
    }

    /// <summary>Returns the text with the prompt or the job of the error, which is named once.</summary>
    private static string Named(string text, object? target)
    {
        string? prompt = target switch
        {
            SubmitRequest request => request.ToString(),
            BananaJob { Prompt: { } its } => ShownText.Excerpt(its),
            _ => null,
        };
        string? quoted = string.IsNullOrEmpty(prompt) || text.Contains($"'{prompt}'") ? null : $"'{prompt}'";
        if (target is not BananaJob job)
        {
            return quoted is null ? text : About($"{Word(target)} {quoted}", text);
        }

        string id = $"Job {job.JobId}";
        string name = quoted is null ? id : $"{id} ({quoted})";
        return text.StartsWith(id, StringComparison.Ordinal) ? name + text.Substring(id.Length) : text.Contains(job.JobId) ? text : About(name, text);
    }

    /// <summary>Adds the name of a prompt or a job. A text about a value already has a subject, so the name is added at its end.</summary>
    private static string About(string name, string text) => text.EndsWith(NotSent, StringComparison.Ordinal)
        ? $"{text.Substring(0, text.Length - 1)} for {char.ToLowerInvariant(name[0])}{name.Substring(1)}."
        : $"{char.ToUpperInvariant(name[0])}{name.Substring(1)}: {text}";

    private static string Sentence(string text) => text.Length == 0 || text[text.Length - 1] is '.' or '!' or '?' ? text : text + ".";

    /// <summary>Returns the text of an error, with the specified value and the charge.</summary>
    private static string Text(ApiframeException e, object? target)
    {
        SubmitRequest? request = e.Request ?? target as SubmitRequest;
        BananaJob? job = e.Job ?? (e.Kind == ApiframeErrorKind.ImageExpired ? target as BananaJob : null);
        string given = request is null ? string.Empty : string.Join(", ", Options(request)
            .Where(option => option.Value.Length > 0 && e.Details.Keys.Any(field => field.Replace("_", string.Empty).Split('.').Any(part =>
                part.TrimEnd('s').Equals(option.Name, StringComparison.OrdinalIgnoreCase))))
            .Select(option => $"{option.Name} '{option.Value}'"));
        string billed = request is not null && e.Charge is null or Charge.Nothing ? " Nothing was billed." : string.Empty;
        string cost = job?.CreditCost switch
        {
            null when e.Kind == ApiframeErrorKind.JobFailed => " The service refunds failed jobs.",
            null when e.Kind == ApiframeErrorKind.JobCancelled => " The service did not report whether it refunded the job.",
            null => string.Empty,
            0 => " The job cost nothing.",
            1 => " The job cost 1 credit.",
            var credits => $" The job cost {credits:0.##} credits.",
        };
        string requestId = e.RequestId is null ? string.Empty : $" The request ID is {e.RequestId}.";
        return $"{Sentence(e.Message)}{(given.Length == 0 ? string.Empty : $" The request contains {given}.")}{billed}{cost}{requestId}";
    }

    /// <summary>Returns the options that a rejection can be about. The service uses similar names, with other separators and plurals.</summary>
    private static IEnumerable<(string Name, string Value)> Options(SubmitRequest request) => request.Words().Concat(
    [
        (nameof(SubmitRequest.WebhookUrl), request.WebhookUrl ?? string.Empty),
        (nameof(SubmitRequest.WebhookEvent), string.Join(", ", request.WebhookEvent)),
    ]);
}
