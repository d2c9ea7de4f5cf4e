using System.Management.Automation;
using Apiframe.Client;
using Apiframe.Client.Webhooks;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Converts a webhook with a valid signature to a job. Pipe the job to Save-BananaImage.</summary>
/// <remarks>
/// No request is sent. The job contains the connection of the key that signed the body. Its note property Event contains the name of the event.
/// </remarks>
[Cmdlet(VerbsData.ConvertFrom, "BananaWebhook")]
[OutputType(typeof(BananaJob))]
public sealed class ConvertFromBananaWebhookCommand : WebhookCommand
{
    private readonly EnvironmentConnections _connections = new();

    /// <summary>Accepts the body without a signature, although any sender can have created it.</summary>
    [Parameter]
    public SwitchParameter SkipSignatureCheck { get; set; }

    /// <summary>Allows requests for the job over HTTP to another computer, where everyone on the network path can read the key.</summary>
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
