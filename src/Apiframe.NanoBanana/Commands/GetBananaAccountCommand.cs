using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Asks the service whose key it is: the credits that are left, the plan, the team and the user.</summary>
/// <remarks>
/// The cheapest way to test a key: it costs nothing. Several keys can be piped in, as objects with an ApiKey property.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "BananaAccount")]
[OutputType(typeof(BananaAccount))]
public sealed class GetBananaAccountCommand : BananaCommand
{
    /// <summary>What an error is about; the key itself must not be shown.</summary>
    private const string Target = "account";

    /// <summary>Made by the engine.</summary>
    public GetBananaAccountCommand()
        : base("Getting the account", activityId: 5)
    {
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Target, () =>
    {
        ApiframeClient client = ClientFor(job: null);
        Run(Target, () => client.GetAccountAsync(StopToken), WriteObject);
    });
}
