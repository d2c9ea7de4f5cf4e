using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
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
    private bool _keyIsTyped;
    private bool _eventsAreTyped;
    private bool _urlIsTyped;

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

    /// <summary>512px, 1K, 2K or 4K. The service's default is 1K.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResolutionCompleter))]
    public string? Resolution { get; set; }

    /// <summary>Width to height, such as 16:9. Any text is passed on to the service.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio { get; set; }

    /// <summary>jpg, png or webp. The service's default is jpg.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OutputFormatCompleter))]
    public string? OutputFormat { get; set; }

    /// <summary>Up to 14 URLs of images to work from. In a CSV cell, part them by semicolons.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ImageInput")]
    [AllowEmptyCollection]
    [ListTransformation]
    public string[] ReferenceImage { get; set; } = [];

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

    /// <summary>Tells an input that is a job already: its key belongs to its own image, and a new image needs a new key.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public string? JobId { get; set; }

    private protected override TimeSpan? RateLimitTimeout => TimeSpan.FromSeconds(RateLimitTimeoutSec);

    /// <summary>Whether WebhookEvent says what happened to a job that came by webhook, and not what to post: what to post comes with a URL.</summary>
    private bool IsNewsOfAJob => JobId is not null && !_eventsAreTyped && (_urlIsTyped || string.IsNullOrWhiteSpace(WebhookUrl));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _keyIsTyped = MyInvocation.BoundParameters.ContainsKey(nameof(IdempotencyKey));
        _eventsAreTyped = MyInvocation.BoundParameters.ContainsKey(nameof(WebhookEvent));
        _urlIsTyped = MyInvocation.BoundParameters.ContainsKey(nameof(WebhookUrl));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string prompt in Prompt)
        {
            Submit(RequestFor(prompt));
        }
    }

    private SubmitRequest RequestFor(string prompt) => new()
    {
        Prompt = prompt,
        Model = Model,
        Resolution = Resolution,
        AspectRatio = AspectRatio,
        OutputFormat = OutputFormat,
        ReferenceImage = ReferenceImage,
        GoogleSearch = GoogleSearch,
        ImageSearch = ImageSearch,
        WebhookUrl = WebhookUrl,
        WebhookEvent = IsNewsOfAJob ? [] : WebhookEvent,
        IdempotencyKey = _keyIsTyped || JobId is null ? IdempotencyKey : null,
    };

    private void Submit(SubmitRequest request)
    {
        SubmitRequest image = request;
        if (!Try(request, () => image = WithKey(request)))
        {
            return;
        }

        if (!_usedKeys.Add(image.IdempotencyKey!))
        {
            WriteError(Errors.IdempotencyKeyReused(image));
            return;
        }

        if (!ShouldProcess(image.ToString(), Action(image)))
        {
            return;
        }

        Try(image, () =>
        {
            ApiframeClient client = ClientFor(job: null);
            Run(image, () => client.SubmitAsync(image, StopToken), WriteObject);
        });
    }

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

    private static string Action(SubmitRequest image)
    {
        IEnumerable<string?> options = new[] { image.Model, image.Resolution, image.AspectRatio, image.OutputFormat }.Where(option => option is not null);
        return $"Make an image ({string.Join(", ", options)})";
    }
}
