using System.Linq;
using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Puts local image files on the service's short-lived storage, to be used as reference images.</summary>
/// <remarks>New-BananaImage -ReferenceImage does this by itself. By hand it saves time when several calls use the same file within an hour.</remarks>
[Cmdlet(VerbsCommunications.Send, "BananaFile", SupportsShouldProcess = true)]
[OutputType(typeof(BananaUpload))]
public sealed class SendBananaFileCommand : BananaCommand
{
    /// <summary>Made by the engine.</summary>
    public SendBananaFileCommand()
        : base("Sending files", activityId: 7, verb: "sent")
    {
    }

    /// <summary>Files, with wildcards if you like: PNG, JPEG, WebP or GIF, at most 25 MB each.</summary>
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
                foreach (string file in new ReferenceResolver(SessionState.Path, nameof(Path)).Resolve([path]).Where(file => ShouldProcess(file, "Send the file")))
                {
                    ApiframeClient client = ClientFor(job: null);
                    Run(file, () => client.UploadAsync(file, StopToken), WriteObject);
                }
            });
        }
    }
}
