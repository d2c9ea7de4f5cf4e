using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Save;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Saves the images of completed jobs and returns the files.</summary>
/// <remarks>
/// A file appears whole or not at all. Its name comes from the prompt and the job's id, its extension from the content, so the
/// same job always gets the same name and two jobs never share one.
/// </remarks>
[Cmdlet(VerbsData.Save, "BananaImage", DefaultParameterSetName = JobSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveBananaImageCommand : JobInputCommand
{
    private const string UriSet = "Uri";

    private readonly Dictionary<ApiframeConnection, ImageDownloader> _downloaders = [];
    private readonly HashSet<string> _targets = new(StringComparer.OrdinalIgnoreCase);
    private string _path = string.Empty;
    private bool _isFilePath;
    private bool _warnedOfLateness;

    /// <summary>Made by the engine.</summary>
    public SaveBananaImageCommand()
        : base("Saving images", activityId: 4)
    {
    }

    /// <summary>
    /// A folder, which is made if it is missing, or a file name for a single image. Taken literally. The default is the
    /// current location.
    /// </summary>
    [Parameter(Position = 0)]
    [Alias("LiteralPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>Ids of jobs. The jobs are asked for first.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [Alias("Id")]
    public string[] JobId { get; set; } = [];

    /// <summary>Addresses of images, when the job is not at hand.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = UriSet)]
    public Uri[] Uri { get; set; } = [];

    /// <summary>
    /// The file's name, without extension, or a script block that makes it of the job in $_. The default is the prompt's words and 12 digits that stand for the job's id.
    /// </summary>
    /// <remarks>A parameter that takes a script block from the engine would take its value from the pipeline too, and rows with a JobId would not bind.</remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? FileName { get; set; }

    /// <summary>Replace a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leave an image that is there already, download nothing for it, and return it. A file that is not a whole image is replaced.</summary>
    [Parameter]
    public SwitchParameter SkipExisting { get; set; }

    /// <summary>Write beside each image of a job a file that tells how it was made: its name and .json.</summary>
    [Parameter]
    public SwitchParameter Metadata { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _path = FilePaths.Literal(SessionState.Path, Path, out string? problem);
        if (problem is not null)
        {
            ThrowTerminatingError(Errors.InvalidPath(problem, Path));
        }

        _isFilePath = !Path.EndsWith("/", StringComparison.Ordinal) && !Path.EndsWith("\\", StringComparison.Ordinal) && SaveTarget.IsFilePath(_path);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Uri uri in Uri)
        {
            SaveUri(uri);
        }

        // A string is a job's id; but someone who pipes an address means the image.
        foreach (Uri uri in JobId.Select(WebUrl.Parse).OfType<Uri>())
        {
            SaveUri(uri);
        }

        foreach (BananaJob job in Jobs(JobId.Where(id => WebUrl.Parse(id) is null)))
        {
            SaveJob(job);
        }
    }

    private void SaveJob(BananaJob job)
    {
        if (job.IsSettled())
        {
            Try(job, () => SaveImages(job));
            return;
        }

        ApiframeClient client = ClientFor(job);
        Run(job, () => client.GetJobAsync(job, retry: true, StopToken), asked => Try(asked, () => SaveImages(asked)));
    }

    private void SaveImages(BananaJob job)
    {
        job.EnsureCompleted();
        ImageDownloader downloader = DownloaderFor(ClientFor(job).Connection);
        for (int i = 0; i < job.ImageUrls.Count; i++)
        {
            int index = i;
            SaveTarget target = Target(Chosen(job, i)) ?? SaveTarget.InFolder(_path, job, i);
            Save(target, job, index, existing => downloader.SaveAsync(job, index, target, existing, StopToken));
        }
    }

    /// <summary>Says once that time is running out.</summary>
    private void WarnIfLate(object source)
    {
        if (!_warnedOfLateness && source is BananaJob job && job.MayHaveExpired(DateTimeOffset.UtcNow))
        {
            _warnedOfLateness = true;
            string since = job.Expired ? "the service lists its image as deleted" : $"it was done {ViewText.Age(job.CompletedAt ?? job.CreatedAt)} ago";
            WriteWarning($"Job {job.JobId} is saved late: {since}. The service may keep images for no more than 24 hours; save them soon after they are done.");
        }
    }

    /// <summary>What -FileName says; null if it is not given, or blank for this one.</summary>
    private string? Chosen(object source, int index)
    {
        string name = string.Empty;
        try
        {
            name = FileName is ScriptBlock script
                ? string.Concat(script.InvokeWithContext(null, [new PSVariable("_", source)]))
                : FileName?.ToString() ?? string.Empty;
        }
        catch (FlowControlException e) when (e is not TerminateException)
        {
            // Else it would end a loop or a script of the caller, and with it the images that are on their way.
            throw new ApiframeException(
                ApiframeErrorKind.InvalidRequest, $"FileName {{{FileName}}} used break, continue, or exit. A script block must return the name of the file.");
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"FileName {{{FileName}}} failed: {e.Message}");
        }

        return string.IsNullOrWhiteSpace(name) ? null : FileNames.BaseName(name, index)
            ?? throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"FileName '{name}' has nothing that a file name can have.");
    }

    private void SaveUri(Uri uri) => Try(uri, () =>
    {
        Uri url = WebUrl.Parse(uri.OriginalString)
            ?? throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"'{uri}' is not an absolute http or https URL.");
        ImageDownloader downloader = DownloaderFor(ClientFor(job: null).Connection);
        SaveTarget target = Target(Chosen(url, index: 0) ?? FileNames.BaseName(url))!;
        Save(target, url, index: 0, existing => downloader.SaveAsync(url, target, existing, StopToken));
    });

    /// <summary>Where an image goes that has a name, or that -Path is the name of; null if it has none.</summary>
    private SaveTarget? Target(string? baseName) =>
        _isFilePath ? SaveTarget.File(_path) : baseName is null ? null : SaveTarget.InFolder(_path, baseName);

    private void Save(SaveTarget target, object source, int index, Func<ExistingFile, Task<FileInfo>> save)
    {
        // Not even -Force lets one image of a call replace another.
        if (!_targets.Add(target.ToString()))
        {
            WriteError(Errors.InvalidPath($"'{target}' was given to another image of this call.", source));
            return;
        }

        if (Force)
        {
            Download(target, source, index, save, ExistingFile.Replace);
        }
        else if (SkipExisting && target.MayExist())
        {
            Run(
                source,
                () => Task.FromResult(target.ExistingImage()),
                file => Try(source, () =>
                {
                    if (file is null)
                    {
                        Download(target, source, index, save, ExistingFile.Keep);
                    }
                    else
                    {
                        Keep(file, source, index);
                    }
                }));
        }
        else if (!SkipExisting && target.Existing() is { } file)
        {
            WriteError(Errors.From(ImageDownloader.FileExists(file), source));
        }
        else
        {
            Download(target, source, index, save, SkipExisting ? ExistingFile.Keep : ExistingFile.Refuse);
        }
    }

    private void Download(SaveTarget target, object source, int index, Func<ExistingFile, Task<FileInfo>> save, ExistingFile existing)
    {
        if (!ShouldProcess(target.ToString(), "Save the image"))
        {
            return;
        }

        WarnIfLate(source);
        Run(
            source,
            async () =>
            {
                FileInfo saved = await save(existing).ConfigureAwait(false);
                return (saved, Metadata && source is BananaJob job ? WriteMetadata(saved, job, index, replace: true) : null);
            },
            done => WriteFile(done, source));
    }

    /// <summary>Leaves an image that was saved before. Its metadata may still be missing.</summary>
    private void Keep(FileInfo file, object source, int index)
    {
        Exception? failure = Metadata && source is BananaJob job && ImageMetadata.Read(file.FullName) is null
            && ShouldProcess(ImageMetadata.PathFor(file.FullName), "Write the metadata")
                ? WriteMetadata(file, job, index, replace: false)
                : null;
        WriteFile((file, failure), source);
    }

    /// <summary>What went wrong, rather than throwing it: the image is saved all the same.</summary>
    private static Exception? WriteMetadata(FileInfo image, BananaJob job, int index, bool replace)
    {
        try
        {
            ImageMetadata.Write(image, job, index, replace);
            return null;
        }
        catch (Exception e) when (e is ApiframeException or IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    private ImageDownloader DownloaderFor(ApiframeConnection connection)
    {
        if (!_downloaders.TryGetValue(connection, out ImageDownloader? downloader))
        {
            downloader = new ImageDownloader(connection, LogRequest);
            _downloaders.Add(connection, downloader);
        }

        return downloader;
    }

    /// <summary>As Get-Item gives it, with everything that PowerShell's own view of a file shows, and with the job that made it.</summary>
    private void WriteFile((FileInfo File, Exception? MetadataFailure) saved, object source)
    {
        foreach (PSObject item in InvokeProvider.Item.Get([saved.File.FullName], force: true, literalPath: true))
        {
            if (source is BananaJob job)
            {
                item.Properties.Add(new PSNoteProperty("Job", job));
            }

            WriteObject(item);
        }

        if (saved.MetadataFailure is { } failure)
        {
            WriteError(Errors.From(failure, source));
        }
    }
}
