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

/// <summary>Submits prompts to Nano Banana and returns a job for each as soon as the service has accepted it.</summary>
/// <remarks>
/// Every prompt is submitted under an idempotency key of its own that is kept for all attempts, so a prompt is
/// paid for once whatever the network does. Pipe the jobs to Wait-BananaJob and Save-BananaImage.
/// </remarks>
[Cmdlet(VerbsCommon.New, "BananaImage", SupportsShouldProcess = true)]
[OutputType(typeof(BananaJob))]
public sealed class NewBananaImageCommand : BananaCommand
{
    private readonly ImageKeys _keys = new();
    private readonly SearchWarnings _searches = new();
    private readonly WhatIfTotal _whatIf = new();
    private readonly UnwrittenSubmissions _unwritten = new();
    private readonly SlowStart _slowStart;
    private ImageOrders _orders = new([], []);
    private ColumnWarnings _columns = new([]);
    private ReferenceResolver? _references;
    private CreditGuard? _credits;
    private readonly Dictionary<string, string> _journalPaths = new(StringComparer.Ordinal);
    private ImageJournals _journals = new(resubmitUnknown: false, throttleLimit: 1);

    /// <summary>Made by the engine.</summary>
    public NewBananaImageCommand()
        : base("Submitting prompts", activityId: 1, verb: "accepted")
    {
        var watch = Stopwatch.StartNew();
        _slowStart = new SlowStart(() => watch.Elapsed);
    }

    /// <summary>What to paint, 1 to 2000 characters. Several prompts make several images.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [PromptTransformation]
    public string[] Prompt { get; set; } = [];

    /// <summary>The model. The default is nano-banana-2.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>512px, 1K, 2K or 4K; others written like these are passed on. The service's default is 1K.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResolutionCompleter))]
    public string? Resolution { get; set; }

    /// <summary>Width to height, such as 16:9, or match_input_image. The service decides which ratios it takes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio { get; set; }

    /// <summary>jpg (or jpeg), png or webp. The service's default is jpg.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OutputFormatCompleter))]
    public string? OutputFormat { get; set; }

    /// <summary>
    /// Up to 14 images to work from: URLs, paths of local files (wildcards allowed), files, uploads of Send-BananaFile, or finished jobs. Local files are
    /// uploaded, each once. In a CSV cell, separate them with semicolons.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ImageInput")]
    [AllowEmptyCollection]
    [ReferenceTransformation]
    public object[] ReferenceImage { get; set; } = [];

    /// <summary>Ground the image in a web search.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchTransformation]
    public SwitchParameter GoogleSearch { get; set; }

    /// <summary>Ground the image in an image search.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchTransformation]
    public SwitchParameter ImageSearch { get; set; }

    /// <summary>Where the service shall post what becomes of the job.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? WebhookUrl { get; set; }

    /// <summary>Which events to post: completed, failed, progress. The default is completed and failed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(WebhookEventCompleter))]
    [ListTransformation]
    public string[] WebhookEvent { get; set; } = [];

    /// <summary>
    /// The key under which this one image is paid for. Give it to repeat a submission whose outcome is not known; else a
    /// new one is made for each image.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? IdempotencyKey { get; set; }

    /// <summary>
    /// A name for a batch that may be run again within 24 hours: the images that an earlier run has submitted come back instead of being made and billed
    /// anew, also after a crash or on another machine. Prompts that failed are submitted again.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? IdempotencyScope { get; set; }

    /// <summary>
    /// A file that remembers the batch. Run the same command with it again, at any later time: what was submitted before is not submitted again, and what was
    /// saved is not downloaded again. Prompts whose jobs failed are submitted again.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Journal { get; set; }

    /// <summary>
    /// With -Journal: submit an image again when an earlier run has submitted it and nobody can tell whether it was accepted. It can then be billed twice.
    /// </summary>
    [Parameter]
    public SwitchParameter ResubmitUnknown { get; set; }

    /// <summary>How many images to make of each prompt, 1 to 1000. Each is a job of its own, with a key of its own, and is billed.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    /// <summary>
    /// How long a prompt waits while the service answers that there are too many requests or too many jobs at once: a number of seconds, or a time span such as
    /// 00:10:00. The default is 600.
    /// </summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, 86400)]
    public int RateLimitTimeoutSec { get; set; } = 600;

    /// <summary>
    /// Submit no more prompts than this many credits are sure to cover, by the service's price list and what the jobs say that they have cost.
    /// </summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumCredit { get; set; } = int.MaxValue;

    /// <summary>A job. With -Prompt, its image is edited as the prompt says; without, the same image is made anew, as a new job.</summary>
    [Parameter(ValueFromPipeline = true)]
    public BananaJob? InputObject { get; set; }

    /// <summary>The input as it is, to find columns that are misspelled.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? Row { get; set; }

    /// <summary>Tells an input that was a job once, and came back from a file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public string? JobId { get; set; }

    /// <summary>Tells an input that is the request of an earlier error, and that the service may have accepted already.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    [TimeTransformation]
    public DateTimeOffset? OutcomeUnknownSince { get; set; }

    private protected override TimeSpan? RateLimitTimeout => TimeSpan.FromSeconds(RateLimitTimeoutSec);

    /// <summary>True if ShouldProcess said no because of -WhatIf, and not because the user did.</summary>
    private bool IsWhatIf => LanguagePrimitives.IsTrue(
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given) ? given : GetVariableValue("WhatIfPreference"));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Before the pipeline binds anything, so these are the parameters that were typed.
        _orders = new ImageOrders(MyInvocation.BoundParameters.Keys, ReferenceImage);
        _references = new ReferenceResolver(SessionState.Path, nameof(ReferenceImage));
        _columns = new ColumnWarnings(ColumnParameters());
        _journals = new ImageJournals(ResubmitUnknown, ThrottleLimit);
        OpenTypedJournal();
        _credits = new CreditGuard(_orders.IsTyped(nameof(MaximumCredit)) ? MaximumCredit : null, Await, Drain, WriteWarning, WriteVerbose, StopToken);
        if (Connection is not null && ApiKey is null)
        {
            _credits.Begin(ClientFor(null));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Row is { BaseObject: PSCustomObject } row)
        {
            foreach (string warning in _columns.Before([.. row.Properties.Select(property => property.Name)]))
            {
                WriteWarning(warning);
            }
        }

        bool isJob = InputObject is not null || JobId is not null;
        if (Count > 1 && !isJob && !string.IsNullOrWhiteSpace(IdempotencyKey))
        {
            WriteError(Errors.From(ApiframeException.NotSent($"IdempotencyKey '{IdempotencyKey}' stands for one image, so it cannot be used with -Count {Count}."), Prompt));
            return;
        }

        string? journal = null;
        if (!Try(Journal!, () => journal = JournalPath()))
        {
            return;
        }

        var record = new ImageRecord(Prompt.SelectMany(RequestsFor).ToList(), ReferenceImage, IdempotencyScope, journal, isJob);
        if (!_orders.IsEdit(record))
        {
            Submit(_orders.New(record), ClientForNew);
        }
        else if (InputObject is { } settled && settled.IsSettled())
        {
            Submit(_orders.Edits(record, settled), ClientForNew);
        }
        else
        {
            object target = (object?)InputObject ?? JobId!;
            Try(target, () =>
            {
                // Another record may be bound when the job arrives.
                ApiframeClient client = ClientForNew();
                BananaJob job = InputObject ?? BananaJob.FromId(JobId!, client.Connection);
                Run(target, () => client.GetJobAsync(job, retry: true, StopToken), whole => Submit(_orders.Edits(record, whole), () => client));
            });
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
            Try(_whatIf.Images.Concat(_credits.Unaffordable).First(), () => models = _credits.Models(ClientForNew()));
            // Shows the total as the engine shows the images.
            ShouldProcess(_whatIf.Text(models, _credits.Unaffordable.Count, MaximumCredit), string.Empty, string.Empty);
        }
    }

    private protected override void WriteFailure(Exception e, object target)
    {
        _unwritten.Written(target);
        _slowStart.End(target);
        // What was sent has an error of its own. What was not sent has one together.
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

    /// <summary>Names the jobs that were accepted and did not come out, because the pipeline ended early: after Ctrl+C, by an error under -ErrorAction Stop, or by Select-Object.</summary>
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

    /// <summary>Whether the prompt was not sent either, and every other one would fail in the same way.</summary>
    private static bool StopsUnsent(ApiframeException e) => (e.ConcernsEveryRequest && e.Charge == Charge.NotSent)
        || e.Kind == ApiframeErrorKind.InvalidBaseUri
        || (e.Kind == ApiframeErrorKind.JournalNotWritable && e.Job is null);

    /// <summary>The parameters that a column can set, each with its aliases. A column of a parameter that was typed is ignored on purpose.</summary>
    private IReadOnlyList<IReadOnlyList<string>> ColumnParameters() =>
    [
        .. from parameter in MyInvocation.MyCommand.Parameters.Values
           where !_orders.IsTyped(parameter.Name)
           where parameter.Attributes.OfType<ParameterAttribute>().Any(attribute => attribute.ValueFromPipelineByPropertyName && !attribute.DontShow)
           select (IReadOnlyList<string>)[parameter.Name, .. parameter.Aliases],
    ];

    private IEnumerable<SubmitRequest> RequestsFor(string prompt) =>
        Enumerable.Range(1, Count).Select(number => RequestFor(prompt) with { Number = Count > 1 ? number : PipedNumber });

    /// <summary>A request of an earlier error, or a job that is made anew, is the same one of several images again.</summary>
    private int? PipedNumber => Row?.BaseObject switch
    {
        SubmitRequest request => request.Number,
        BananaJob job when !_orders.IsTyped(nameof(Prompt)) => job.Number,
        _ => null,
    };

    private SubmitRequest RequestFor(string prompt) => new()
    {
        Prompt = prompt,
        Model = Model,
        Resolution = Resolution,
        AspectRatio = AspectRatio,
        OutputFormat = OutputFormat,
        GoogleSearch = GoogleSearch,
        ImageSearch = ImageSearch,
        WebhookUrl = WebhookUrl,
        WebhookEvent = WebhookEvent,
        IdempotencyKey = IdempotencyKey,
        OutcomeUnknownSince = OutcomeUnknownSince,
    };

    /// <summary>A new image of a job is made as the job was, unless the command line says otherwise.</summary>
    private ApiframeClient ClientForNew() => ClientFor(Connection is null && ApiKey is null ? InputObject : null);

    private void Submit(IEnumerable<ImageOrder> orders, Func<ApiframeClient> client)
    {
        foreach (ImageOrder order in orders)
        {
            // An error about the request has its reference images too, so that they are not lost when its target is piped again.
            SubmitRequest request = order.Request;
            if (Try(order.Target, () => request = request with { ReferenceImage = _references!.Resolve(order.References) }))
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
            throw ApiframeException.NotSent("Both -Journal and -IdempotencyScope are given, and each has keys of its own. Use the journal alone.");
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
        if (!_keys.TryTake(image))
        {
            WriteError(Errors.IdempotencyKeyReused(image));
            return;
        }

        if (keyed.HasJob)
        {
            WriteVerbose($"The journal has a job for '{image}', so the prompt is not submitted.");
            if (!IsWhatIf)
            {
                Try(image, () => Run(keyed, clientFor(), committed: null));
            }

            return;
        }

        if (_searches.Before(image) is { } warning)
        {
            WriteWarning(warning);
        }

        if (IsWhatIf && _orders.IsTyped(nameof(MaximumCredit)))
        {
            bool fits = false;
            if (!Try(image, () => fits = _credits!.TryPlan(clientFor(), image)) || !fits)
            {
                return;
            }
        }

        if (!ShouldProcess(image.ToString(), $"Make an image ({string.Join(", ", image.Words().Select(option => option.Value))})"))
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
    /// With a journal, as many images again may wait for their lines to get to the disk; the journal's run keeps the limit on the wire. Under a limit of 1, order
    /// counts.
    /// </summary>
    private int LimitOf(KeyedImage image) => image.Claim is null || ThrottleLimit == 1 ? ThrottleLimit : 2 * ThrottleLimit;

    /// <summary>A journal that was typed counts for every record, so nothing goes on without it.</summary>
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

    /// <summary>The full path of the journal; null if there is none. A relative path stays what it was for the first record, wherever the pipeline moves to.</summary>
    private string? JournalPath()
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
