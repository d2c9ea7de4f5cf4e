using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.NanoBanana.Binding;
using Apiframe.NanoBanana.Completion;
using Apiframe.NanoBanana.Submitting;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Upscales images or removes their background. Returns a job for each image as soon as the service has accepted it.</summary>
/// <remarks>Images are submitted and billed in the same way as with New-BananaImage. Pipe the jobs to Wait-BananaJob and Save-BananaImage.</remarks>
[Cmdlet(VerbsData.Edit, "BananaImage", SupportsShouldProcess = true)]
[OutputType(typeof(BananaJob))]
public sealed class EditBananaImageCommand : SubmitCommand
{
    /// <summary>The edit, or null without -RemoveBackground and -Upscale.</summary>
    private ImageEdit? _edit;

    /// <summary>Called by PowerShell.</summary>
    public EditBananaImageCommand()
        : base("Submitting edits", activityId: 9, nameof(Image))
    {
    }

    /// <summary>
    /// The images: finished jobs or their IDs, files, paths with optional wildcards, URLs, or uploads of Send-BananaFile. Each local file is uploaded once.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ReferenceTransformation]
    public object[] Image { get; set; } = [];

    /// <summary>Removes the background.</summary>
    [Parameter]
    public SwitchParameter RemoveBackground { get; set; }

    /// <summary>The factor for width and height: 1, 2, 4, or 6. With clarity-upscale: 1, 2, 4, or 8.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(UpscaleCompleter))]
    public decimal Upscale { get; set; }

    /// <summary>The model. The default is topaz-image-upscale with -Upscale, and bria-bg-remove with -RemoveBackground.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EditModelCompleter))]
    public string? Model { get; set; }

    /// <summary>jpg (or jpeg), png, or webp, if the model supports it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OutputFormatCompleter))]
    public string? OutputFormat { get; set; }

    /// <summary>topaz-image-upscale: the variant of the model.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelTypeCompleter))]
    public string? ModelType { get; set; }

    /// <summary>topaz-image-upscale: enhances faces.</summary>
    [Parameter]
    public SwitchParameter FaceEnhance { get; set; }

    /// <summary>topaz-image-upscale: the strength of the face enhancement, 0 to 1.</summary>
    [Parameter]
    public decimal FaceEnhanceStrength { get; set; }

    /// <summary>topaz-image-upscale: the creativity of the face enhancement, 0 to 1.</summary>
    [Parameter]
    public decimal FaceEnhanceCreativity { get; set; }

    /// <summary>clarity-upscale: what the image shows.</summary>
    [Parameter]
    public string? Prompt { get; set; }

    /// <summary>clarity-upscale: what the image must not contain.</summary>
    [Parameter]
    public string? NegativePrompt { get; set; }

    /// <summary>clarity-upscale: the amount of invented detail, 0 to 1.</summary>
    [Parameter]
    public decimal Creativity { get; set; }

    /// <summary>clarity-upscale: the resemblance of the result to the image, 0 to 3.</summary>
    [Parameter]
    public decimal Resemblance { get; set; }

    /// <summary>clarity-upscale: 1 to 50.</summary>
    [Parameter]
    public decimal Dynamic { get; set; }

    /// <summary>clarity-upscale: 1 to 100.</summary>
    [Parameter]
    public int NumInferenceSteps { get; set; }

    /// <summary>clarity-upscale: 0 to 10.</summary>
    [Parameter]
    public decimal Sharpen { get; set; }

    /// <summary>Both upscalers: the seed of the random numbers.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>bria-bg-remove: checks the content of the image.</summary>
    [Parameter]
    public SwitchParameter ContentModeration { get; set; }

    /// <summary>851-bg-remove: 0 to 1.</summary>
    [Parameter]
    public decimal Threshold { get; set; }

    /// <summary>851-bg-remove: the replacement of the background.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackgroundTypeCompleter))]
    public string? BackgroundType { get; set; }

    /// <summary>851-bg-remove: removes the subject instead of the background.</summary>
    [Parameter]
    public SwitchParameter Reverse { get; set; }

    private protected override void TakeTyped()
    {
        bool upscales = IsTyped(nameof(Upscale));
        PropertyInfo[] options = typeof(EditBananaImageCommand).GetProperties(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public);
        if (upscales && RemoveBackground)
        {
            Refuse("-RemoveBackground and -Upscale are both specified, but an edit can use only one of them. Pipe the job of the first edit to Wait-BananaJob, and then to a second Edit-BananaImage.");
        }
        else if (!upscales && !RemoveBackground && Array.Exists(options, option => option.Name != nameof(Image) && IsTyped(option.Name)))
        {
            Refuse("Neither -RemoveBackground nor -Upscale is specified. Use one of them, such as -Upscale 2.");
        }

        _edit = !upscales && !RemoveBackground ? null : new ImageEdit
        {
            Upscale = Typed(nameof(Upscale), Upscale),
            ModelType = ModelType,
            FaceEnhance = FaceEnhance,
            FaceEnhanceStrength = Typed(nameof(FaceEnhanceStrength), FaceEnhanceStrength),
            FaceEnhanceCreativity = Typed(nameof(FaceEnhanceCreativity), FaceEnhanceCreativity),
            Prompt = Prompt,
            NegativePrompt = NegativePrompt,
            Creativity = Typed(nameof(Creativity), Creativity),
            Resemblance = Typed(nameof(Resemblance), Resemblance),
            Dynamic = Typed(nameof(Dynamic), Dynamic),
            NumInferenceSteps = Typed(nameof(NumInferenceSteps), NumInferenceSteps),
            Sharpen = Typed(nameof(Sharpen), Sharpen),
            Seed = Typed(nameof(Seed), Seed),
            ContentModeration = ContentModeration,
            Threshold = Typed(nameof(Threshold), Threshold),
            BackgroundType = BackgroundType,
            Reverse = Reverse,
        };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string? journal = null;
        if (Try(Journal!, () => journal = JournalPath()))
        {
            foreach (object given in Image)
            {
                Try(given, () => Submit(given, journal));
            }
        }
    }

    private void Submit(object given, string? journal)
    {
        object value = given is PSObject wrapped ? wrapped.BaseObject : given;
        string? jobId = JobIdOf(given);
        var record = new EditRecord(
            new SubmitRequest
            {
                Prompt = string.Empty,
                Edit = _edit,
                Model = Model,
                OutputFormat = OutputFormat,
                WebhookUrl = WebhookUrl,
                WebhookEvent = WebhookEvent,
                RetryFailed = RetryFailed,
                // The key of a piped job belongs to the image of that job.
                IdempotencyKey = jobId is null || IsTyped(nameof(IdempotencyKey)) ? IdempotencyKey : null,
            },
            IdempotencyScope,
            journal);
        if ((value as SubmitRequest ?? RequestOf(given)) is { } request)
        {
            Submit([record.Again(IsTyped(nameof(RetryFailed)) ? request with { RetryFailed = RetryFailed } : request)], () => ClientForNew(job: null));
        }
        else if (value is JournalEntry entry && (jobId is null || _edit is null))
        {
            Submit([record.Again(RequestOf(entry))], () => ClientForNew(job: null));
        }
        else if (jobId is not null)
        {
            SubmitForJob(value as BananaJob ?? (value as JournalEntry)?.ToJob(), jobId, job => [record.ForJob(job)]);
        }
        else
        {
            var madeBy = PSObject.AsPSObject(value).Properties["Job"]?.Value as BananaJob;
            Submit(References.Resolve([given]).Select(image => record.ForImage(image, madeBy)).ToList(), () => ClientForNew(job: null));
        }
    }

    /// <summary>Returns the request of a journal entry. In its own journal, the key identifies the image.</summary>
    private SubmitRequest RequestOf(JournalEntry entry) => new()
    {
        Prompt = entry.Prompt ?? string.Empty,
        Edit = entry.Edit,
        Model = entry.Model,
        OutputFormat = entry.OutputFormat,
        ReferenceImage = entry.Options.ReferenceImage,
        WebhookUrl = WebhookUrl,
        WebhookEvent = WebhookEvent,
        RetryFailed = RetryFailed,
        IdempotencyKey = IsTyped(nameof(Journal)) ? null : entry.IdempotencyKey,
    };

    /// <summary>Returns a request that was read from JSON or CLIXML, or null if the input is not a request.</summary>
    private static SubmitRequest? RequestOf(object given)
    {
        var row = PSObject.AsPSObject(given);
        return row.BaseObject is not PSCustomObject || JobIdOf(given) is not null || Value<ImageEdit>(row, nameof(SubmitRequest.Edit)) is not { } edit ? null : new SubmitRequest
        {
            Prompt = Value<string>(row, nameof(SubmitRequest.Prompt)) ?? string.Empty,
            Edit = edit,
            Model = Value<string>(row, nameof(SubmitRequest.Model)),
            OutputFormat = Value<string>(row, nameof(SubmitRequest.OutputFormat)),
            ReferenceImage = Value<string[]>(row, nameof(SubmitRequest.ReferenceImage)) ?? [],
            WebhookUrl = Value<string>(row, nameof(SubmitRequest.WebhookUrl)),
            WebhookEvent = Value<string[]>(row, nameof(SubmitRequest.WebhookEvent)) ?? [],
            IdempotencyKey = Value<string>(row, nameof(SubmitRequest.IdempotencyKey)),
            RetryFailed = Value<int>(row, nameof(SubmitRequest.RetryFailed)),
            OutcomeUnknownSince = Value<DateTimeOffset?>(row, nameof(SubmitRequest.OutcomeUnknownSince)),
        };
    }

    private static T? Value<T>(PSObject row, string name) =>
        LanguagePrimitives.TryConvertTo(row.Properties[name]?.Value, CultureInfo.InvariantCulture, out T value) ? value : default;

    /// <summary>Returns the job ID of an input that is a job, an ID, or a job that was read from a file. Null for any other input.</summary>
    private static string? JobIdOf(object given) => given is string text
        ? Guid.TryParse(text, out _) ? text : null
        : PSObject.AsPSObject(given).Properties[nameof(BananaJob.JobId)]?.Value is string { Length: > 0 } id ? id : null;

    private T? Typed<T>(string name, T value)
        where T : struct => IsTyped(name) ? value : null;

    private void Refuse(string message) => ThrowTerminatingError(Errors.From(ApiframeException.NotSent(message), target: null));
}
