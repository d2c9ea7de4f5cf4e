using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.NanoBanana.Binding;
using Apiframe.NanoBanana.Completion;
using Apiframe.NanoBanana.Submitting;

namespace Apiframe.NanoBanana.Commands;

/// <summary>The base class of the cmdlets that submit images: keys, journals, credits, and one error for all images that were not sent.</summary>
public abstract class SubmitCommand : BananaCommand
{
    private readonly ImageKeys _keys = new();
    private readonly WhatIfTotal _whatIf = new();
    private readonly UnwrittenSubmissions _unwritten = new();
    private readonly SlowStart _slowStart;
    private readonly Dictionary<string, string> _journalPaths = new(StringComparer.Ordinal);
    private readonly string _imageParameter;
    private HashSet<string> _typed = [];
    private CreditGuard? _credits;
    private Func<ApiframeClient>? _lastClient;
    private ImageJournals _journals = new(resubmitUnknown: false, throttleLimit: 1);

    private protected SubmitCommand(string activity, int activityId, string imageParameter)
        : base(activity, activityId, verb: "accepted")
    {
        _imageParameter = imageParameter;
        var watch = Stopwatch.StartNew();
        _slowStart = new SlowStart(() => watch.Elapsed);
    }

    /// <summary>The URL that the service sends the events of the job to.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? WebhookUrl { get; set; }

    /// <summary>The events that are sent: completed, failed, progress. The default is completed and failed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(WebhookEventCompleter))]
    [ListTransformation]
    public string[] WebhookEvent { get; set; } = [];

    /// <summary>
    /// The key under which this image is billed. Specify it to repeat a submission whose outcome is unknown. By default, each image gets a new key.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? IdempotencyKey { get; set; }

    /// <summary>
    /// A name for a batch that is run again within 24 hours. Images that an earlier run has submitted are returned instead of created and billed again, even
    /// after a crash or on another computer. Prompts whose jobs failed are submitted again.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? IdempotencyScope { get; set; }

    /// <summary>
    /// A file that records the batch. When the same command is run again with it, at any later time, submitted images are not submitted again, and saved images
    /// are not downloaded again. Prompts whose jobs failed are submitted again.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Journal { get; set; }

    /// <summary>
    /// With -Journal: submits an image again if an earlier run has submitted it and it is unknown whether it was accepted. The image can be billed twice.
    /// </summary>
    [Parameter]
    public SwitchParameter ResubmitUnknown { get; set; }

    /// <summary>
    /// The number of times that an image is submitted again if its job fails for a temporary reason, such as missing capacity, 0 to 10. Wait-BananaJob submits
    /// it. Failed jobs are refunded.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankIsDefault(0)]
    [ValidateRange(0, SubmitRequest.MaximumRetries)]
    public int RetryFailed { get; set; }

    /// <summary>
    /// The maximum time that an image waits while the service rejects it because of too many requests or concurrent jobs: a number of seconds, or a time span
    /// such as 00:10:00. The default is 600.
    /// </summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, 86400)]
    public int RateLimitTimeoutSec { get; set; } = 600;

    /// <summary>
    /// The maximum number of credits. An image is submitted only if the price list and the reported costs show that these credits cover it.
    /// </summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumCredit { get; set; } = int.MaxValue;

    private protected override TimeSpan? RateLimitTimeout => TimeSpan.FromSeconds(RateLimitTimeoutSec);

    /// <summary>Converts reference images to URLs and paths.</summary>
    private protected ReferenceResolver References { get; private set; } = null!;

    /// <summary>Whether ShouldProcess returned false because of -WhatIf and not because of the answer of the user.</summary>
    private bool IsWhatIf => LanguagePrimitives.IsTrue(
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given) ? given : GetVariableValue("WhatIfPreference"));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // The pipeline has not bound any parameters yet, so these parameters were specified on the command line.
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
        TakeTyped();
        References = new ReferenceResolver(SessionState.Path, _imageParameter);
        _journals = new ImageJournals(ResubmitUnknown, ThrottleLimit);
        OpenTypedJournal();
        _credits = new CreditGuard(IsTyped(nameof(MaximumCredit)) ? MaximumCredit : null, Await, Drain, WriteWarning, WriteVerbose, StopToken);
        if (Connection is not null && ApiKey is null)
        {
            _credits.Begin(ClientFor(null));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (_credits!.Unaffordable.Count > 0 && !IsWhatIf)
        {
            WriteError(Errors.BudgetReached(MaximumCredit, _credits.Committed, _credits.Admitted, _credits.Unaffordable));
        }

        if (IsWhatIf && _whatIf.Images.Count + _credits.Unaffordable.Count > 0)
        {
            IReadOnlyList<BananaModel> models = [];
            Try(_whatIf.Images.Concat(_credits.Unaffordable).First(), () => models = _credits.Models(_lastClient!()));
            // ShouldProcess shows the total in the same format as the images.
            ShouldProcess(_whatIf.Text(models, _credits.Unaffordable.Count, MaximumCredit), string.Empty, string.Empty);
        }
    }

    private protected override void WriteFailure(Exception e, object target)
    {
        _unwritten.Written(target);
        _slowStart.End(target);
        // An image that was sent has its own error. All images that were not sent share one error.
        if (e is ApiframeException refusal && StopsUnsent(refusal))
        {
            AccountStop.Keep(refusal, refusal.Request ?? target);
        }
        else
        {
            WriteError(Errors.From(e, target));
        }
    }

    private protected override ErrorRecord KeptError(ApiframeException refusal, IReadOnlyList<object> targets) =>
        StopsUnsent(refusal) ? Errors.From(refusal, targets) : Errors.NotSubmitted(refusal, AccountStop.Succeeded, targets);

    /// <summary>
    /// Reports the jobs that were accepted and not written because the pipeline ended early: after Ctrl+C, by an error under -ErrorAction Stop, or by
    /// Select-Object.
    /// </summary>
    private protected override void Ended()
    {
        _journals.Dispose();
        (IReadOnlyList<BananaJob> jobs, IReadOnlyList<ApiframeException> unknown) = _unwritten.Take();
        if (jobs.Count + unknown.Count > 0)
        {
            ErrorRecord ended = Errors.PipelineEnded(jobs, unknown, _unwritten.Begun);
            LastWords.Write(this, ended.Exception.Message, [.. unknown.Select(e => Errors.From(e, target: null)), .. jobs.Count > 0 ? [ended] : Array.Empty<ErrorRecord>()]);
        }
    }

    /// <summary>Whether the prompt was not sent and every other prompt would fail in the same way.</summary>
    private static bool StopsUnsent(ApiframeException e) => (e.ConcernsEveryRequest && e.Charge == Charge.NotSent)
        || e.Kind == ApiframeErrorKind.InvalidBaseUri
        || (e.Kind == ApiframeErrorKind.JournalNotWritable && e.Job is null);

    /// <summary>Reads the parameters from the command line before the journal is opened. An exception ends the command.</summary>
    private protected abstract void TakeTyped();

    /// <summary>Whether a parameter was specified on the command line, so that it applies to every record.</summary>
    private protected bool IsTyped(string parameter) => _typed.Contains(parameter);

    /// <summary>Returns the warning before an image is submitted, or null.</summary>
    private protected virtual string? WarningBefore(SubmitRequest image) => null;

    /// <summary>Submits the images that are created from a job. The job is requested first, unless it is settled.</summary>
    /// <param name="job">The job, or null if only its ID is known.</param>
    /// <param name="jobId">The ID of the job.</param>
    /// <param name="orders">Returns the images that are created from the job.</param>
    private protected void SubmitForJob(BananaJob? job, string? jobId, Func<BananaJob, IReadOnlyList<ImageOrder>> orders)
    {
        if (job is not null && job.IsSettled())
        {
            Try(job, () => Submit(orders(job), () => ClientForNew(job)));
            return;
        }

        object target = (object?)job ?? jobId!;
        Try(target, () =>
        {
            // When the job is returned, the parameters may contain another record.
            ApiframeClient client = ClientForNew(job);
            BananaJob known = job ?? BananaJob.FromId(jobId!, client.Connection);
            Run(target, () => client.GetJobAsync(known, retry: true, StopToken), whole =>
            {
                Continue();
                Try(whole, () => Submit(orders(whole), () => client));
            });
        });
    }

    /// <summary>Returns the client for a new image of a job: the connection of the job, unless the parameters specify another.</summary>
    private protected ApiframeClient ClientForNew(BananaJob? job) => ClientFor(Connection is null && ApiKey is null ? job : null);

    /// <summary>Submits images. A problem with one image is an error about that image.</summary>
    /// <param name="orders">The images.</param>
    /// <param name="client">Returns the client. It is called only if an image is submitted.</param>
    private protected void Submit(IEnumerable<ImageOrder> orders, Func<ApiframeClient> client)
    {
        foreach (ImageOrder order in orders)
        {
            // The error for a request contains its reference images, so that they are kept if its target is piped again.
            SubmitRequest request = order.Request;
            if (Try(order.Target, () => request = request with { ReferenceImage = References.Resolve(order.References) }))
            {
                Try((object?)order.Edited ?? request, () => Submit(Keyed(request, order), client));
            }
        }
    }

    private KeyedImage Keyed(SubmitRequest request, ImageOrder order)
    {
        if (order.Journal is null)
        {
            return new KeyedImage(_keys.Give(request, order.Scope), Claim: null, HasJob: false);
        }

        if (!string.IsNullOrWhiteSpace(order.Scope))
        {
            throw ApiframeException.NotSent("-Journal and -IdempotencyScope are both specified, but each of them determines the idempotency keys. Use only the journal.");
        }

        if (IsWhatIf)
        {
            return new KeyedImage(request.Checked(), Claim: null, _journals.Preview(order.Journal).HasJob(request));
        }

        JournalClaim claim = _journals.Open(order.Journal).Claim(request);
        return new KeyedImage(claim.Request, claim, claim.HasJob);
    }

    private void Submit(KeyedImage keyed, Func<ApiframeClient> clientFor)
    {
        SubmitRequest image = keyed.Request;
        _lastClient = clientFor;
        if (!_keys.TryTake(image))
        {
            WriteError(Errors.IdempotencyKeyReused(image));
            return;
        }

        if (keyed.HasJob)
        {
            WriteVerbose($"The journal already has a job for '{image}'. The image was not submitted again.");
            if (!IsWhatIf)
            {
                Try(image, () => Run(keyed, clientFor(), committed: null));
            }

            return;
        }

        if (WarningBefore(image) is { } warning)
        {
            WriteWarning(warning);
        }

        if (IsWhatIf && IsTyped(nameof(MaximumCredit)))
        {
            bool fits = false;
            if (!Try(image, () => fits = _credits!.TryPlan(clientFor(), image)) || !fits)
            {
                return;
            }
        }

        string action = image.Edit is null ? "Make an image" : "Edit the image";
        if (!ShouldProcess(image.ToString(), $"{action} ({string.Join(", ", image.Words().Select(option => option.Value))})"))
        {
            if (IsWhatIf)
            {
                _whatIf.Add(image);
            }

            return;
        }

        Try(image, () =>
        {
            ApiframeClient client = clientFor();
            WaitForPlace(LimitOf(keyed));
            WaitUntil(_slowStart.HasPlace);
            if (!AccountStop.TryKeep(client.Connection, image) && _credits!.TryAdmit(client, image, out CreditPrice? committed)
                && !AccountStop.TryKeep(client.Connection, image))
            {
                _slowStart.Begin(image);
                Run(keyed, client, committed);
            }
        });
    }

    private void Run(KeyedImage keyed, ApiframeClient client, CreditPrice? committed)
    {
        SubmitRequest image = keyed.Request;
        Run(
            image,
            () => _unwritten.FollowAsync(image, _credits!.FollowAsync(client, committed, AccountStop.FollowAsync(client.Connection, () => keyed.SubmitAsync(client, StopToken)))),
            job =>
            {
                _unwritten.Write(image, job, WriteJob, StopToken);
                _slowStart.End(image);
            },
            LimitOf(keyed),
            notNoted: e => e.Job!);
    }

    /// <summary>
    /// The maximum number of concurrent submissions. With a journal, it is three times as high, because each image also waits for two journal lines. The run of
    /// the journal limits the number of requests. With a limit of 1, the order matters, so it stays 1.
    /// </summary>
    private int LimitOf(KeyedImage image) => image.Claim is null || ThrottleLimit == 1 ? ThrottleLimit : 3 * ThrottleLimit;

    /// <summary>Opens the journal of the command line. It applies to every record, so an error ends the command.</summary>
    private void OpenTypedJournal()
    {
        try
        {
            if (JournalPath() is { } path)
            {
                _ = IsWhatIf ? (object)_journals.Preview(path) : _journals.Open(path);
            }
        }
        catch (ApiframeException e)
        {
            ThrowTerminatingError(Errors.From(e, Journal));
        }
    }

    /// <summary>
    /// Returns the full path of the journal, or null. A relative path is resolved once for the first record, because the location can change during the
    /// pipeline.
    /// </summary>
    private protected string? JournalPath()
    {
        if (string.IsNullOrWhiteSpace(Journal))
        {
            return null;
        }

        if (!_journalPaths.TryGetValue(Journal!, out string? path))
        {
            path = FilePaths.Literal(SessionState.Path, Journal!, out string? problem);
            _journalPaths.Add(Journal!, problem is null ? path : throw ApiframeException.NotSent(problem, ApiframeErrorKind.JournalNotWritable));
        }

        return path;
    }
}
