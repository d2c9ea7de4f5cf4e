using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Save;
using Apiframe.NanoBanana.Binding;
using Apiframe.NanoBanana.Completion;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Saves the images of completed jobs and returns the files.</summary>
/// <remarks>
/// A file appears only after it is complete. Its name consists of the prompt and digits from the job ID, and its extension depends on the content. The same job
/// therefore always has the same name, and two jobs never have the same name.
/// </remarks>
[Cmdlet(VerbsData.Save, "BananaImage", DefaultParameterSetName = JobSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveBananaImageCommand : JobInputCommand
{
    private const string UriSet = "Uri";

    private readonly Dictionary<ApiframeConnection, ImageDownloader> _downloaders = [];
    private SavePlan? _plan;
    private bool _warnedOfLateness;

    /// <summary>Called by PowerShell.</summary>
    public SaveBananaImageCommand()
        : base("Saving images", activityId: 4)
    {
    }

    /// <summary>
    /// A folder, which is created if it does not exist, or the path of a file for a single image. Wildcards are not supported. The default is the current
    /// location.
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = JobSet)]
    [Parameter(Position = 1, ParameterSetName = IdSet)]
    [Parameter(Position = 0, ParameterSetName = UriSet)]
    [Alias("LiteralPath", "PSPath")]
    [FolderTransformation]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>The IDs of jobs. The jobs are requested first.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    public string[] JobId { get; set; } = [];

    /// <summary>The URLs of images, if their jobs are not available.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = UriSet)]
    public Uri[] Uri { get; set; } = [];

    /// <summary>
    /// The file name without extension, or a script block that returns it for the job in $_. The default is the words of the prompt and 12 digits from a hash
    /// of the job ID.
    /// </summary>
    /// <remarks>
    /// The type is object, because PowerShell would bind a parameter of type script block to the pipeline, and rows with a JobId would not bind.
    /// </remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? FileName { get; set; }

    /// <summary>Replaces existing files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns existing images without downloading them. A file that is not a complete image is replaced.</summary>
    [Parameter]
    public SwitchParameter SkipExisting { get; set; }

    /// <summary>Writes a metadata file for each image of a job, with the name of the image and the extension .json.</summary>
    [Parameter]
    public SwitchParameter Metadata { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Force && SkipExisting)
        {
            ThrowTerminatingError(Errors.From(ApiframeException.NotSent("-Force replaces a file that already exists, and -SkipExisting keeps it. Use only one of them."), target: null));
        }

        string path = FilePaths.Literal(SessionState.Path, Path, out string? problem);
        if (problem is not null)
        {
            ThrowTerminatingError(Errors.InvalidPath(problem, Path));
        }

        bool isFolder = Path.EndsWith("/", StringComparison.Ordinal) || Path.EndsWith("\\", StringComparison.Ordinal);
        if (!isFolder && SaveTarget.IsOtherImageName(path) && !Directory.Exists(path))
        {
            ThrowTerminatingError(Errors.InvalidPath($"'{Path}' has the extension of a format that the service does not support. The supported extensions are .jpg, .png, and .webp.", Path));
        }

        bool isFile = !isFolder && SaveTarget.IsFilePath(path);
        _plan = new SavePlan(path, isFile, source => FileNameInput.NameFor(source, FileName), numbersNames: FileName is not ScriptBlock);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Uri uri in Uri)
        {
            SaveUri(uri);
        }

        // A string is the ID of a job, but a web address refers to an image.
        foreach (Uri uri in JobId.Select(WebUrl.Parse).OfType<Uri>())
        {
            SaveUri(uri);
        }

        foreach (BananaJob job in Jobs(JobId.Where(id => WebUrl.Parse(id) is null)))
        {
            SaveJob(job);
        }
    }

    private void SaveUri(Uri uri) => Try(uri, () => Save(_plan!.Image(uri, DownloaderFor(job: null))));

    private void SaveJob(BananaJob job)
    {
        if (Force || job.GetJournal() is null)
        {
            SaveUnsaved(job);
            return;
        }

        Task<IReadOnlyList<FileInfo>?> saved = ImageDownloader.FindSavedAsync(job);
        if (saved is { Status: TaskStatus.RanToCompletion, Result: null })
        {
            SaveUnsaved(job);
            return;
        }

        Run(
            job,
            () => saved,
            files =>
            {
                if (files is null)
                {
                    Continue();
                    SaveUnsaved(job);
                    return;
                }

                for (int index = 0; index < files.Count; index++)
                {
                    Keep(job, index, files[index]);
                }
            });
    }

    private void SaveUnsaved(BananaJob job)
    {
        if (job.IsSettled())
        {
            SaveImages(job);
            return;
        }

        RunForJob(job, SaveAsked);
    }

    private void SaveAsked(BananaJob job)
    {
        Continue();
        WarnIfWithoutWebhook(job);
        SaveImages(job);
    }

    private void SaveImages(BananaJob job) => Try(job, () =>
    {
        foreach (ImageToSave image in _plan!.Images(job, DownloaderFor(job)))
        {
            Save(image);
        }
    });

    private void Save(ImageToSave image)
    {
        if (!_plan!.TryTake(image))
        {
            WriteError(Errors.FileTaken(image.Target.ToString(), FileName is not null, image.Source));
        }
        else if (Force)
        {
            Download(image, ExistingFile.Replace);
        }
        else if (SkipExisting && image.Target.MayExist())
        {
            Run(image.Source, () => Task.FromResult(image.Target.ExistingImage()), file => Try(image.Source, () => KeepOrDownload(image, file)));
        }
        else if (!SkipExisting && image.Job?.GetJournal() is null && image.Target.Existing() is { } file)
        {
            WriteError(Errors.From(ImageDownloader.FileExists(file), image.Source));
        }
        else
        {
            Download(image, SkipExisting ? ExistingFile.Keep : ExistingFile.Refuse);
        }
    }

    private void KeepOrDownload(ImageToSave image, FileInfo? kept)
    {
        if (kept is null)
        {
            Continue();
            Download(image, ExistingFile.Keep);
            return;
        }

        // A file whose name was specified can contain any image.
        if (image is { Job: { } job, Target.NamesJob: true } && job.GetJournal() is not null && ShouldProcess(kept.FullName, "Record in the journal that the image is saved"))
        {
            Continue();
            Run(job, () => ImageDownloader.NoteSavedAsync(job, image.Index, kept), _ => Keep(job, image.Index, kept), notNoted: _ => kept);
        }
        else
        {
            Keep(image.Job, image.Index, kept);
        }
    }

    /// <summary>Returns an existing image, and writes its metadata if that is missing.</summary>
    private void Keep(BananaJob? job, int index, FileInfo kept)
    {
        bool describes = Metadata && job is not null && ImageMetadata.Read(kept.FullName) is null
            && ShouldProcess(ImageMetadata.PathFor(kept.FullName), "Write the metadata");
        WriteFile(job, kept, describes ? ImageToSave.WriteMetadata(job!, index, kept, replace: false) : null);
    }

    private void Download(ImageToSave image, ExistingFile existing)
    {
        if (!ShouldProcess(image.Target.ToString(), "Save the image"))
        {
            return;
        }

        WarnIfLate(image.Job);
        Run(
            image.Source,
            async () =>
            {
                FileInfo file = await image.DownloadAsync(existing, StopToken).ConfigureAwait(false);
                return Described(file);
            },
            saved =>
            {
                WriteFile(image.Job, saved.File, saved.MetadataFailure);
                if (image.Target.Mismatch(saved.File) is { } mismatch)
                {
                    WriteError(Errors.From(mismatch, image.Source));
                }
            },
            notNoted: e => Described(e.File!));

        (FileInfo File, Exception? MetadataFailure) Described(FileInfo file) =>
            (file, Metadata && image.Job is { } job ? ImageToSave.WriteMetadata(job, image.Index, file, replace: true) : null);
    }

    /// <summary>Warns once that an image is saved late, because the service may soon delete it.</summary>
    private void WarnIfLate(BananaJob? job)
    {
        if (!_warnedOfLateness && job is not null && job.MayHaveExpired(DateTimeOffset.UtcNow))
        {
            _warnedOfLateness = true;
            string since = job.Expired ? "the service lists the image as deleted" : $"the job was completed {ViewText.Age(job.CompletedAt ?? job.CreatedAt)} ago";
            WriteWarning($"The image of job {job.JobId} is saved late: {since}. The service may delete images after 24 hours. Save them soon after their jobs are completed.");
        }
    }

    private ImageDownloader DownloaderFor(BananaJob? job)
    {
        ApiframeConnection connection = ClientFor(job).Connection;
        if (!_downloaders.TryGetValue(connection, out ImageDownloader? downloader))
        {
            downloader = new ImageDownloader(connection, LogRequest);
            _downloaders.Add(connection, downloader);
        }

        return downloader;
    }

    /// <summary>Writes a file as Get-Item returns it, with the properties that PowerShell shows for files, and with its job.</summary>
    /// <remarks>Without the name of the provider, PowerShell would search its drives and read the mount table for each file, which takes ten times as long.</remarks>
    private void WriteFile(BananaJob? job, FileInfo file, Exception? metadataFailure)
    {
        foreach (PSObject item in InvokeProvider.Item.Get([$@"Microsoft.PowerShell.Core\FileSystem::{file.FullName}"], force: true, literalPath: true))
        {
            if (job is not null)
            {
                item.Properties.Add(new PSNoteProperty("Job", job));
            }

            WriteObject(item);
        }

        if (metadataFailure is not null)
        {
            WriteError(Errors.From(metadataFailure, job));
        }
    }
}
