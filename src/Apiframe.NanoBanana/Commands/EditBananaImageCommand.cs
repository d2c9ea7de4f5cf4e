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

/// <summary>Enlarges images or removes their background, and returns a job for each as soon as the service has accepted it.</summary>
/// <remarks>Each image is submitted, and paid for, as New-BananaImage does it. Pipe the jobs to Wait-BananaJob and Save-BananaImage.</remarks>
[Cmdlet(VerbsData.Edit, "BananaImage", SupportsShouldProcess = true)]
[OutputType(typeof(BananaJob))]
public sealed class EditBananaImageCommand : SubmitCommand
{
    /// <summary>Null if neither -RemoveBackground nor -Upscale is given.</summary>
    private ImageEdit? _edit;

    /// <summary>Made by the engine.</summary>
    public EditBananaImageCommand()
        : base("Submitting edits", activityId: 9, nameof(Image))
    {
    }

    /// <summary>
    /// The images: finished jobs or their IDs, files, paths (wildcards allowed), URLs, or uploads of Send-BananaFile. Local files are uploaded, each once.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ReferenceTransformation]
    public object[] Image { get; set; } = [];

    /// <summary>Remove the background.</summary>
    [Parameter]
    public SwitchParameter RemoveBackground { get; set; }

    /// <summary>Enlarge the image so many times in width and height: 1, 2, 4, or 6, and with clarity-upscale 1, 2, 4, or 8.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(UpscaleCompleter))]
    public decimal Upscale { get; set; }

    /// <summary>The model. The default is topaz-image-upscale with -Upscale, and bria-bg-remove with -RemoveBackground.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EditModelCompleter))]
    public string? Model { get; set; }

    /// <summary>jpg (or jpeg), png or webp, as far as the model makes it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OutputFormatCompleter))]
    public string? OutputFormat { get; set; }

    /// <summary>topaz-image-upscale: which variant of the model.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelTypeCompleter))]
    public string? ModelType { get; set; }

    /// <summary>topaz-image-upscale: improve faces.</summary>
    [Parameter]
    public SwitchParameter FaceEnhance { get; set; }

    /// <summary>topaz-image-upscale: how much faces are improved, 0 to 1.</summary>
    [Parameter]
    public decimal FaceEnhanceStrength { get; set; }

    /// <summary>topaz-image-upscale: how freely faces are improved, 0 to 1.</summary>
    [Parameter]
    public decimal FaceEnhanceCreativity { get; set; }

    /// <summary>clarity-upscale: what the image shows.</summary>
    [Parameter]
    public string? Prompt { get; set; }

    /// <summary>clarity-upscale: what the image must not show.</summary>
    [Parameter]
    public string? NegativePrompt { get; set; }

    /// <summary>clarity-upscale: how much detail is invented, 0 to 1.</summary>
    [Parameter]
    public decimal Creativity { get; set; }

    /// <summary>clarity-upscale: how much the result is like the image, 0 to 3.</summary>
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

    /// <summary>Both upscalers: where their random numbers start.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>bria-bg-remove: check the content of the image.</summary>
    [Parameter]
    public SwitchParameter ContentModeration { get; set; }

    /// <summary>851-bg-remove: 0 to 1.</summary>
    [Parameter]
    public decimal Threshold { get; set; }

    /// <summary>851-bg-remove: what takes the place of the background.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackgroundTypeCompleter))]
    public string? BackgroundType { get; set; }

    /// <summary>851-bg-remove: remove the subject instead of the background.</summary>
    [Parameter]
    public SwitchParameter Reverse { get; set; }

    private protected override void TakeTyped()
    {
        bool upscales = IsTyped(nameof(Upscale));
        PropertyInfo[] options = typeof(EditBananaImageCommand).GetProperties(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public);
        if (upscales && RemoveBackground)
        {
            Refuse("-RemoveBackground and -Upscale are both specified, but an edit does only one of them. Pipe the job of the first edit to Wait-BananaJob and to a second Edit-BananaImage.");
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
                // The key that a job brings belongs to its own image.
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

    /// <summary>In its own journal, the key says which image is meant.</summary>
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

    /// <summary>A request that went through JSON or CLIXML; null if it is something else.</summary>
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

    /// <summary>The ID of the job that an input is, or stands for, or was before it went through a file; null if it is not a job.</summary>
    private static string? JobIdOf(object given) => given is string text
        ? Guid.TryParse(text, out _) ? text : null
        : PSObject.AsPSObject(given).Properties[nameof(BananaJob.JobId)]?.Value is string { Length: > 0 } id ? id : null;

    private T? Typed<T>(string name, T value)
        where T : struct => IsTyped(name) ? value : null;

    private void Refuse(string message) => ThrowTerminatingError(Errors.From(ApiframeException.NotSent(message), target: null));
}
