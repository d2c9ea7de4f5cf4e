using System.Linq;
using System.Management.Automation;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Reads journals and writes an object for each image.</summary>
/// <remarks>Needs neither a key nor a network, and can read a journal that another process is writing.</remarks>
[Cmdlet(VerbsCommon.Get, "BananaJournal", DefaultParameterSetName = PathSet)]
[OutputType(typeof(JournalEntry))]
public sealed class GetBananaJournalCommand : PSCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

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

    /// <summary>Returns only images in these states. The default is all images.</summary>
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
