using System.Linq;
using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Uploads local image files to the temporary storage of the service, for use as reference images.</summary>
/// <remarks>New-BananaImage -ReferenceImage uploads files automatically. This cmdlet saves time if several calls use the same file within an hour.</remarks>
[Cmdlet(VerbsCommunications.Send, "BananaFile", SupportsShouldProcess = true)]
[OutputType(typeof(BananaUpload))]
public sealed class SendBananaFileCommand : BananaCommand
{
    /// <summary>Called by PowerShell.</summary>
    public SendBananaFileCommand()
        : base("Uploading files", activityId: 7, verb: "uploaded")
    {
    }

    /// <summary>The paths of PNG, JPEG, WebP, or GIF files of at most 25 MB. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            Try(path, () =>
            {
                foreach (string file in new ReferenceResolver(SessionState.Path, nameof(Path)).Resolve([path]).Where(file => ShouldProcess(file, "Upload the file")))
                {
                    ApiframeClient client = ClientFor(job: null);
                    Run(file, () => client.UploadAsync(file, StopToken), WriteObject);
                }
            });
        }
    }
}
