using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Tests by its signature whether a webhook comes from the service.</summary>
/// <remarks>
/// A missing or wrong signature returns False, with the reason in the verbose stream. A body that cannot be checked, or a missing key, is an error.
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
