using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Compares journals with the files and with the service, and returns a receipt with the numbers of prompts, jobs, bills, and files.</summary>
/// <remarks>Several journals have one common receipt. Nothing is submitted, downloaded, or written.</remarks>
[Cmdlet(VerbsDiagnostic.Test, "BananaJournal", DefaultParameterSetName = PathSet)]
[OutputType(typeof(JournalReceipt), typeof(bool))]
public sealed class TestBananaJournalCommand : BananaCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _paths = [];
    private readonly List<string> _notRead = [];

    /// <summary>Called by PowerShell.</summary>
    public TestBananaJournalCommand()
        : base("Comparing journals", activityId: 8)
    {
    }

    /// <summary>The paths of the journals. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The paths of the journals, without wildcards.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Compares only with the files. Neither a key nor a network is needed.</summary>
    [Parameter]
    public SwitchParameter Offline { get; set; }

    /// <summary>Returns only whether the batch is complete.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private JournalInput Input => new(SessionState.Path, error =>
    {
        _notRead.Add((string)error.TargetObject);
        WriteError(error);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool isLiteral = ParameterSetName == LiteralPathSet;
        _paths.AddRange(Input.Find(isLiteral ? LiteralPath : Path, isLiteral));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        JournalState[] journals = [.. _paths.Distinct().Select(Input.Read).OfType<JournalState>()];
        if (journals.Length > 0)
        {
            string[] paths = [.. _paths];
            Try(paths, () =>
            {
                ApiframeClient? client = Offline ? null : ClientFor(job: null);
                Run(paths, () => JournalAudit.RunAsync(journals, client, ThrottleLimit, _notRead, StopToken), Write);
            });
        }
        else if (Quiet && _notRead.Count > 0)
        {
            WriteObject(false);
        }

        base.EndProcessing();
    }

    private void Write(JournalReceipt receipt) => WriteObject(Quiet ? receipt.IsComplete : receipt);
}
