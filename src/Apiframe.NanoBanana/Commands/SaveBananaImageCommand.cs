using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Downloads;

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

    /// <summary>Replace a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leave a file that is there already, download nothing for it, and return it.</summary>
    [Parameter]
    public SwitchParameter SkipExisting { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem")
        {
            ThrowTerminatingError(Errors.InvalidPath($"'{Path}' is a place of the {provider.Name} provider, not of the file system.", Path));
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
        if (job.IsSettled)
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
            Save(FileNames.BaseName(job, i), job, (target, existing) => downloader.SaveAsync(job, index, target, existing, StopToken));
        }
    }

    private void SaveUri(Uri uri) => Try(uri, () =>
    {
        Uri url = WebUrl.Parse(uri.OriginalString)
            ?? throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"'{uri}' is not an absolute http or https URL.");
        ImageDownloader downloader = DownloaderFor(ClientFor(job: null).Connection);
        Save(FileNames.BaseName(url), url, (target, existing) => downloader.SaveAsync(url, target, existing, StopToken));
    });

    private void Save(string baseName, object source, Func<SaveTarget, ExistingFile, Task<FileInfo>> save)
    {
        SaveTarget target = _isFilePath ? SaveTarget.File(_path) : SaveTarget.InFolder(_path, baseName);
        // Not even -Force lets one image of a call replace another.
        if (!_targets.Add(target.ToString()))
        {
            WriteError(Errors.InvalidPath($"'{target}' was given to another image of this call.", source));
            return;
        }

        ExistingFile existing = Force ? ExistingFile.Replace : SkipExisting ? ExistingFile.Keep : ExistingFile.Refuse;
        if (existing != ExistingFile.Replace && target.Existing() is { } file)
        {
            Try(source, () => WriteFile(existing == ExistingFile.Keep ? file : throw ImageDownloader.FileExists(file), source));
            return;
        }

        if (ShouldProcess(target.ToString(), "Save the image"))
        {
            Run(source, () => save(target, existing), saved => WriteFile(saved, source));
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

    /// <summary>
    /// As Get-Item gives it, with everything that PowerShell's own view of a file shows, and the job's id: files come in the order of their downloads,
    /// and a report has to say which prompt became which file.
    /// </summary>
    private void WriteFile(FileInfo file, object source)
    {
        foreach (PSObject item in InvokeProvider.Item.Get([file.FullName], force: true, literalPath: true))
        {
            if (source is BananaJob job)
            {
                item.Properties.Add(new PSNoteProperty(nameof(JobId), job.JobId));
            }

            WriteObject(item);
        }
    }
}
