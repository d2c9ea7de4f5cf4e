using System.Management.Automation;
using Apiframe.Client;
using Apiframe.Client.Webhooks;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Makes a job of a webhook once its signature is verified. Pipe it to Save-BananaImage.</summary>
/// <remarks>
/// Nothing is sent. The job carries the connection of the key that it was signed under, and the name of the event in its note property Event.
/// </remarks>
[Cmdlet(VerbsData.ConvertFrom, "BananaWebhook")]
[OutputType(typeof(BananaJob))]
public sealed class ConvertFromBananaWebhookCommand : WebhookCommand
{
    private readonly EnvironmentConnections _connections = new();

    /// <summary>Take the body for what it says without a signature: anybody may have sent it.</summary>
    [Parameter]
    public SwitchParameter SkipSignatureCheck { get; set; }

    /// <summary>Let the job be asked for over plain http from another machine too, where everyone on the way can read the key.</summary>
    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    private protected override void Receive(byte[] body)
    {
        string? key = SkipSignatureCheck ? Keys()[0] : VerifiedKey(body);
        WebhookEvent webhook = WebhookEvent.Read(body, _connections.For(key ?? string.Empty, Host, AllowUnencryptedAuthentication), Header(WebhookEvent.HeaderName));
        PSObject job = PSObject.AsPSObject(webhook.Job);
        job.Properties.Add(new PSNoteProperty("Event", webhook.Name));
        WriteObject(job);
    }
}
