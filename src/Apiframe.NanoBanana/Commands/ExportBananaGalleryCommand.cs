using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using Apiframe.Client;
using Apiframe.Gallery;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Exports images and failed jobs as one HTML page.</summary>
/// <remarks>Sends no requests. The file is replaced in one step after it is complete.</remarks>
[Cmdlet(VerbsData.Export, "BananaGallery", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportBananaGalleryCommand : PSCmdlet, IDisposable
{
    private readonly GalleryItems _items = new();
    private readonly CancellationTokenSource _stop = new();
    private string _path = string.Empty;

    /// <summary>The path of the HTML file, without wildcards. A missing folder is created.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Files of Save-BananaImage, other images, folders, jobs, and errors about jobs and prompts.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject?[] InputObject { get; set; } = [];

    /// <summary>The heading of the page.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "Image gallery";

    /// <summary>
    /// The maximum total size of the images in bytes for embedding them in the page. Above it, the page links to the images. 0 always links. The default is 10
    /// MB.
    /// </summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long EmbedLimit { get; set; } = 10 * 1024 * 1024;

    /// <summary>Fails if the file already exists.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replaces a read-only file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the HTML file to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _path = FilePaths.Literal(SessionState.Path, Path, out string? problem);
        problem ??=
            Directory.Exists(_path) ? $"'{Path}' is a folder."
            // Without this check, a path that was meant for another file, such as an image, would be replaced by a page.
            : System.IO.Path.GetExtension(_path).ToLowerInvariant() is not (".html" or ".htm") ? $"'{Path}' does not end in .html."
            : null;
        if (problem is not null)
        {
            ThrowTerminatingError(Errors.InvalidGalleryPath(problem, Path));
        }

        if (NoClobber && File.Exists(_path))
        {
            ThrowTerminatingError(Errors.GalleryExists(_path));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var input = new GalleryInput(SessionState.Path, WriteVerbose);
        foreach (PSObject given in (InputObject ?? []).OfType<PSObject>())
        {
            try
            {
                foreach (GalleryItem item in input.Items(given))
                {
                    _items.Add(item);
                }
            }
            catch (ApiframeException e)
            {
                WriteError(Errors.From(e, given));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var items = _items.NewestFirst();
        if (items.Count == 0)
        {
            WriteError(Errors.EmptyGallery(_path));
            return;
        }

        if (!ShouldProcess(_path, $"Write a gallery with {items.Count} {(items.Count == 1 ? "item" : "items")}"))
        {
            return;
        }

        try
        {
            string folder = System.IO.Path.GetDirectoryName(_path)!;
            Directory.CreateDirectory(folder);
            RequireWritable();
            GalleryFile.Save(new GalleryPage(items, Title, folder, EmbedLimit), _path, overwrite: !NoClobber, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (IOException) when (NoClobber && File.Exists(_path))
        {
            WriteError(Errors.GalleryExists(_path));
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(Errors.GalleryFailed(e, _path));
            return;
        }

        if (PassThru)
        {
            WriteObject(InvokeProvider.Item.Get([_path], force: true, literalPath: true), enumerateCollection: true);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>Checks that the file can be replaced. On some systems, a rename also replaces a read-only file.</summary>
    private void RequireWritable()
    {
        var file = new FileInfo(_path);
        if (!file.Exists || !file.IsReadOnly)
        {
            return;
        }

        file.IsReadOnly = Force ? false : throw new UnauthorizedAccessException($"'{_path}' is read-only, and -Force is not specified.");
    }
}
