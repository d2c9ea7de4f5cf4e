using System.Linq;
using System.Management.Automation;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Reads journals and writes an object for each image.</summary>
/// <remarks>Needs no key and no network, and works while another process writes to the journal.</remarks>
[Cmdlet(VerbsCommon.Get, "BananaJournal", DefaultParameterSetName = PathSet)]
[OutputType(typeof(JournalEntry))]
public sealed class GetBananaJournalCommand : PSCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>The journals. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The journals, taken literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Only images in one of these states. The default is all images.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public JournalEntryState[] State { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool isLiteral = ParameterSetName == LiteralPathSet;
        var input = new JournalInput(SessionState.Path, WriteError);
        foreach (string path in input.Find(isLiteral ? LiteralPath : Path, isLiteral))
        {
            if (input.Read(path) is { } journal)
            {
                WriteObject(journal.Entries.Where(entry => State.Length == 0 || State.Contains(entry.State)), enumerateCollection: true);
            }
        }
    }
}
