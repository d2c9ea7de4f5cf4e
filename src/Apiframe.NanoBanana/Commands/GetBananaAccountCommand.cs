using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Gets the account of an API key: the remaining credits, the plan, the team, and the user.</summary>
/// <remarks>
/// This is the simplest way to test a key, and it costs nothing. Objects with an ApiKey property can be piped in to test several keys.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "BananaAccount")]
[OutputType(typeof(BananaAccount))]
public sealed class GetBananaAccountCommand : BananaCommand
{
    /// <summary>The target of errors. The key itself must not be shown.</summary>
    private const string Target = "account";

    /// <summary>Called by PowerShell.</summary>
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
