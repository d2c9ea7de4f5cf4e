using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.NanoBanana.Binding;
using Apiframe.NanoBanana.Completion;

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
    private readonly Dictionary<string, IdempotencyScope> _scopes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _usedKeys = new(StringComparer.Ordinal);
    private readonly List<SubmitRequest> _unaffordable = [];
    private readonly List<SubmitRequest> _whatIf = [];
    private readonly UnwrittenSubmissions _unwritten = new();
    private readonly HashSet<string> _warnedModels = new(StringComparer.OrdinalIgnoreCase);
    private HashSet<string> _typed = [];
    private object[] _typedReferences = [];
    private ReferenceResolver? _references;
    private CreditGuard? _credits;
    private int _submitted;
    private DateTime _begun;
    private bool _hasEnded;

    /// <summary>Made by the engine.</summary>
    public NewBananaImageCommand()
        : base("Submitting prompts", activityId: 1)
    {
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

    /// <summary>Width to height, such as 16:9. Any text is passed on to the service.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio { get; set; }

    /// <summary>jpg (or jpeg), png or webp. The service's default is jpg.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OutputFormatCompleter))]
    public string? OutputFormat { get; set; }

    /// <summary>
    /// Up to 14 images to work from: URLs, paths of local files (wildcards allowed), files, uploads of Send-BananaFile, or finished jobs. Local files are
    /// uploaded, each once. In a CSV cell, part them by semicolons.
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
    /// How many seconds a prompt waits while the service answers that there are too many requests or too many jobs at once. The default is 600.
    /// </summary>
    [Parameter]
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

    /// <summary>Tells an input that was a job once, and came back from a file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public string? JobId { get; set; }

    /// <summary>Tells an input that is the request of an earlier error, and that the service may have accepted already.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    [TimeTransformation]
    public DateTimeOffset? OutcomeUnknownSince { get; set; }

    private protected override TimeSpan? RateLimitTimeout => TimeSpan.FromSeconds(RateLimitTimeoutSec);

    /// <summary>Whether WebhookEvent says what happened to a job that came by webhook, and not what to post: what to post comes with a URL.</summary>
    private bool IsNewsOfAJob => JobId is not null && !_typed.Contains(nameof(WebhookEvent)) && (_typed.Contains(nameof(WebhookUrl)) || string.IsNullOrWhiteSpace(WebhookUrl));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _begun = DateTime.Now;
        // Before the pipeline has bound anything: what counts for all its records.
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
        _typedReferences = _typed.Contains(nameof(ReferenceImage)) ? ReferenceImage : [];
        _references = new ReferenceResolver(SessionState.Path);
        _credits = new CreditGuard(_typed.Contains(nameof(MaximumCredit)) ? MaximumCredit : null, Await, Drain, WriteWarning, WriteVerbose, StopToken);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_typed.Contains(nameof(Prompt)) && (InputObject is not null || JobId is not null))
        {
            Edit();
            return;
        }

        foreach (string prompt in Prompt)
        {
            Submit(prompt, RequestFor(prompt), ReferenceImage);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (_unaffordable.Count > 0)
        {
            WriteError(Errors.BudgetReached(MaximumCredit, _credits!.Committed, _submitted, _unaffordable));
        }

        if (_whatIf.Count > 0)
        {
            WriteWhatIf();
        }
    }

    /// <summary>The prompts are changes to the image of the job that came down the pipeline.</summary>
    private void Edit()
    {
        var requests = Prompt.Select(RequestFor).ToList();
        object[] typed = _typedReferences;
        void SubmitAll(BananaJob job) => requests.ForEach(request => Submit(job, request, [job, .. typed]));

        if (InputObject is { } settled && settled.IsSettled())
        {
            SubmitAll(InputObject);
            return;
        }

        object target = (object?)InputObject ?? JobId!;
        Try(target, () =>
        {
            ApiframeClient client = ClientForNew();
            BananaJob job = InputObject ?? BananaJob.FromId(JobId!, client.Connection);
            Run(target, () => client.GetJobAsync(job, retry: true, StopToken), SubmitAll);
        });
    }

    /// <summary>All but the reference images, which take a look at the disk.</summary>
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
        WebhookEvent = IsNewsOfAJob ? [] : WebhookEvent,
        // A job's key belongs to its own image.
        IdempotencyKey = _typed.Contains(nameof(IdempotencyKey)) || (InputObject is null && JobId is null) ? IdempotencyKey : null,
        OutcomeUnknownSince = _typed.Contains(nameof(IdempotencyKey)) ? null : OutcomeUnknownSince,
    };

    private void Submit(object source, SubmitRequest request, IEnumerable<object> references)
    {
        SubmitRequest image = request;
        if (!Try(source is BananaJob ? source : request, () => image = WithKey(request with { ReferenceImage = _references!.Resolve(references) })))
        {
            return;
        }

        if (!_usedKeys.Add(image.IdempotencyKey!))
        {
            WriteError(Errors.IdempotencyKeyReused(image));
            return;
        }

        WarnOfSearch(image);
        if (!ShouldProcess(image.ToString(), Action(image)))
        {
            _whatIf.AddRange(IsWhatIf ? [image] : []);
            return;
        }

        Try(image, () =>
        {
            ApiframeClient client = ClientForNew();
            if (!_credits!.TryCommit(client, image, out CreditPrice? committed))
            {
                _unaffordable.Add(image);
                return;
            }

            // The first prompt of a call is let through: if the balance does not cover it, the service says so and nothing is billed.
            if (_submitted++ > 0)
            {
                _credits.CheckBalance(client, image);
            }

            Run(image, () => SubmitAsync(client, image, committed), job =>
            {
                _credits.Accepted(client, job, committed);
                WriteJob(image, job);
            });
        });
    }

    /// <summary>Which model honours which option is documented for this one only, and the service does not say when it passes over one.</summary>
    private void WarnOfSearch(SubmitRequest image)
    {
        if ((image.GoogleSearch || image.ImageSearch) && image.Model != ImageOptions.DefaultModel && _warnedModels.Add(image.Model!))
        {
            WriteWarning($"Search grounding is documented for {ImageOptions.DefaultModel} only: {image.Model} may pass over it, and its images are billed all the same.");
        }
    }

    private async Task<BananaJob> SubmitAsync(ApiframeClient client, SubmitRequest image, CreditPrice? committed)
    {
        try
        {
            BananaJob job = await client.SubmitAsync(image, StopToken).ConfigureAwait(false);
            _unwritten.Add(image.IdempotencyKey!, job);
            return job;
        }
        catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.SubmissionUnknown)
        {
            _unwritten.Add(image.IdempotencyKey!, e);
            throw;
        }
        catch (ApiframeException)
        {
            _credits!.Refused(committed);
            throw;
        }
    }

    private void WriteJob(SubmitRequest image, BananaJob job)
    {
        // Before it is written: if that ends the pipeline from within, as a full Select-Object does, the job has arrived.
        _unwritten.Written(image.IdempotencyKey!);
        try
        {
            WriteObject(job);
        }
        catch (PipelineStoppedException) when (StopToken.IsCancellationRequested)
        {
            _unwritten.Add(image.IdempotencyKey!, job);
            throw;
        }
    }

    private protected override void WriteFailure(Exception e, object target)
    {
        if (target is SubmitRequest image)
        {
            _unwritten.Written(image.IdempotencyKey!);
        }

        base.WriteFailure(e, target);
    }

    /// <summary>Names the jobs that were accepted and did not come out, because the pipeline ended early: after Ctrl+C, by an error under -ErrorAction Stop, or by Select-Object.</summary>
    private protected override void Ended()
    {
        IReadOnlyList<BananaJob> jobs = _unwritten.Jobs;
        IReadOnlyList<ApiframeException> unknown = _unwritten.Unknown;
        if (_hasEnded || jobs.Count + unknown.Count == 0)
        {
            return;
        }

        _hasEnded = true;
        ErrorRecord ended = Errors.PipelineEnded(jobs, unknown, _begun);
        LastWords.Write(this, ended.Exception.Message, [.. unknown.Select(e => Errors.From(e, target: null)), .. jobs.Count > 0 ? [ended] : Array.Empty<ErrorRecord>()]);
    }

    /// <summary>A new image of a job is made as the job was, unless the command line says otherwise.</summary>
    private ApiframeClient ClientForNew() => ClientFor(Connection is null && ApiKey is null ? InputObject : null);

    private void WriteWhatIf()
    {
        string total = _whatIf.Count == 1 ? "1 image" : $"{_whatIf.Count} images";
        Try(_whatIf[0], () =>
        {
            ApiframeClient client = ClientForNew();
            var prices = _whatIf.Select(image => _credits!.Price(client, image.Model!)).ToList();
            if (prices.TrueForAll(price => price is not null))
            {
                total += $", {prices.Sum(price => price!.Least):0.##} to {prices.Sum(price => price!.Most):0.##} credits";
            }
        });
        // Says it as the engine says the rest.
        ShouldProcess($"In all: {total}.", string.Empty, string.Empty);
    }

    private bool IsWhatIf => LanguagePrimitives.IsTrue(
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given) ? given : GetVariableValue("WhatIfPreference"));

    /// <summary>A key of the image's own goes before the batch's: it comes from a submission that is to be repeated.</summary>
    private SubmitRequest WithKey(SubmitRequest request)
    {
        string? name = IdempotencyScope?.Trim();
        if (string.IsNullOrEmpty(name) || !string.IsNullOrWhiteSpace(request.IdempotencyKey))
        {
            return request.Checked();
        }

        if (!_scopes.TryGetValue(name!, out IdempotencyScope? scope))
        {
            scope = new IdempotencyScope(name!);
            _scopes.Add(name!, scope);
        }

        return scope.Claim(request);
    }

    private static string Action(SubmitRequest image) => $"Make an image ({string.Join(", ", image.Words().Select(option => option.Value))})";
}
