using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.NanoBanana.Binding;
using Apiframe.NanoBanana.Completion;
using Apiframe.NanoBanana.Submitting;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Submits prompts to Nano Banana. Returns a job for each image as soon as the service has accepted it.</summary>
/// <remarks>
/// Every image is submitted under its own idempotency key, which all its attempts use, so that an image is billed once even if the network fails. Pipe the jobs
/// to Wait-BananaJob and Save-BananaImage.
/// </remarks>
[Cmdlet(VerbsCommon.New, "BananaImage", SupportsShouldProcess = true)]
[OutputType(typeof(BananaJob))]
public sealed class NewBananaImageCommand : SubmitCommand
{
    private readonly SearchWarnings _searches = new();
    private ImageOrders _orders = new(_ => false, []);
    private ColumnWarnings _columns = new([]);

    /// <summary>Called by PowerShell.</summary>
    public NewBananaImageCommand()
        : base("Submitting prompts", activityId: 1, nameof(ReferenceImage))
    {
    }

    /// <summary>The description of the image, 1 to 2000 characters. Several prompts create several images.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [PromptTransformation]
    public string[] Prompt { get; set; } = [];

    /// <summary>The model. The default is nano-banana-2.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>512px, 1K, 2K, or 4K. Other values in this form are sent unchanged. The default of the service is 1K.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResolutionCompleter))]
    public string? Resolution { get; set; }

    /// <summary>The ratio of width to height, such as 16:9, or match_input_image. The service decides which ratios it accepts.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio { get; set; }

    /// <summary>jpg (or jpeg), png, or webp. The default of the service is jpg.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OutputFormatCompleter))]
    public string? OutputFormat { get; set; }

    /// <summary>
    /// Up to 14 reference images: URLs, paths of local files with optional wildcards, files, uploads of Send-BananaFile, or finished jobs. Each local file is
    /// uploaded once. In a CSV cell, they are separated by semicolons.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ImageInput")]
    [AllowEmptyCollection]
    [ReferenceTransformation]
    public object[] ReferenceImage { get; set; } = [];

    /// <summary>Bases the image on a web search.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchTransformation]
    public SwitchParameter GoogleSearch { get; set; }

    /// <summary>Bases the image on an image search.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchTransformation]
    public SwitchParameter ImageSearch { get; set; }

    /// <summary>The number of images for each prompt, 1 to 1000. Each image is a separate job with its own key, and is billed.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    /// <summary>A job. With -Prompt, its image is edited with the prompt. Without -Prompt, the same image is created again in a new job.</summary>
    /// <remarks>
    /// The type fits any input, because PowerShell would otherwise try to convert each piped prompt to a job, and throw and catch three exceptions.
    /// A row is searched for misspelled column names.
    /// </remarks>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>A job ID. Identifies an input that was a job and was read from a file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public string? JobId { get; set; }

    /// <summary>Identifies an input that is the request of an earlier error and may already have been accepted by the service.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    [TimeTransformation]
    public DateTimeOffset? OutcomeUnknownSince { get; set; }

    private protected override void TakeTyped()
    {
        _orders = new ImageOrders(IsTyped, ReferenceImage);
        _columns = new ColumnWarnings(ColumnParameters());
        if (IsTyped(nameof(InputObject)) && Job is null)
        {
            ThrowTerminatingError(Errors.From(ApiframeException.NotSent($"'{InputObject}' is not a job. -InputObject accepts a job of Wait-BananaJob. Use -ReferenceImage for files and URLs."), InputObject));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is { BaseObject: PSCustomObject } row)
        {
            foreach (string warning in _columns.Before([.. row.Properties.Select(property => property.Name)]))
            {
                WriteWarning(warning);
            }
        }

        bool isJob = Job is not null || JobId is not null;
        if (Count > 1 && !isJob && !string.IsNullOrWhiteSpace(IdempotencyKey))
        {
            WriteError(Errors.From(ApiframeException.NotSent($"IdempotencyKey '{IdempotencyKey}' identifies one image, so it cannot be used with -Count {Count}. Omit one of the two parameters."), Prompt));
            return;
        }

        string? journal = null;
        if (!Try(Journal!, () => journal = JournalPath()))
        {
            return;
        }

        object[] references = PipedImage is { } image ? [image, .. ReferenceImage] : ReferenceImage;
        var record = new ImageRecord(Prompt.SelectMany(RequestsFor).ToList(), references, IdempotencyScope, journal, isJob);
        if (_orders.IsEdit(record))
        {
            SubmitForJob(Job, JobId, job => _orders.Edits(record, job));
        }
        else
        {
            BananaJob? job = Job ?? MadeBy;
            Submit(_orders.New(record), () => ClientForNew(job));
        }
    }

    private protected override string? WarningBefore(SubmitRequest image) => _searches.Before(image);

    /// <summary>
    /// The parameters that a column can set, each with its aliases. Columns of parameters that were specified on the command line are ignored.
    /// </summary>
    private IReadOnlyList<IReadOnlyList<string>> ColumnParameters() =>
    [
        .. from parameter in MyInvocation.MyCommand.Parameters.Values
           where !IsTyped(parameter.Name)
           where parameter.Attributes.OfType<ParameterAttribute>().Any(attribute => attribute.ValueFromPipelineByPropertyName && !attribute.DontShow)
           select (IReadOnlyList<string>)[parameter.Name, .. parameter.Aliases],
    ];

    private IEnumerable<SubmitRequest> RequestsFor(string prompt) =>
        Enumerable.Range(1, Count).Select(number => RequestFor(prompt) with { Number = Count > 1 ? number : PipedNumber });

    private BananaJob? Job => InputObject?.BaseObject as BananaJob;

    /// <summary>The number of the image, if the input is a request of an earlier error or a job that is created again.</summary>
    private int? PipedNumber => InputObject?.BaseObject switch
    {
        SubmitRequest request => request.Number,
        BananaJob job when !IsTyped(nameof(Prompt)) && !IsTyped(nameof(InputObject)) => job.Number,
        _ => null,
    };

    /// <summary>An image that is piped in and edited with the specified prompt, or null if the input is something else.</summary>
    private object? PipedImage => InputObject?.BaseObject is FileSystemInfo or BananaUpload or Uri ? InputObject.BaseObject : null;

    /// <summary>The job whose options are used: the specified one, or the one that a piped file was saved from. Null if it is unknown.</summary>
    private BananaJob? MadeBy => IsTyped(nameof(InputObject)) ? Job : PipedImage is FileInfo ? InputObject!.Properties["Job"]?.Value as BananaJob : null;

    private SubmitRequest RequestFor(string prompt) => new()
    {
        Prompt = prompt,
        Model = Model ?? ImageOrders.ModelOf(MadeBy?.Model),
        Resolution = Resolution ?? MadeBy?.Resolution,
        AspectRatio = AspectRatio ?? MadeBy?.AspectRatio,
        OutputFormat = OutputFormat ?? MadeBy?.OutputFormat,
        GoogleSearch = GoogleSearch,
        ImageSearch = ImageSearch,
        WebhookUrl = WebhookUrl,
        WebhookEvent = WebhookEvent,
        IdempotencyKey = IdempotencyKey,
        OutcomeUnknownSince = OutcomeUnknownSince,
        RetryFailed = RetryFailed,
    };
}
