using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Says whether a webhook comes from the service, by its signature.</summary>
/// <remarks>
/// A missing or wrong signature is False, with the reason in the verbose stream. A body that cannot be judged, or no key to judge it by, is an error.
/// </remarks>
[Cmdlet(VerbsDiagnostic.Test, "BananaWebhook")]
[OutputType(typeof(bool))]
public sealed class TestBananaWebhookCommand : WebhookCommand
{
    private protected override void Receive(byte[] body)
    {
        bool isGenuine = true;
        try
        {
            VerifiedKey(body);
        }
        catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.WebhookSignatureInvalid)
        {
            WriteVerbose(e.Message);
            isGenuine = false;
        }

        WriteObject(isGenuine);
    }
}
