namespace Apiframe.Client.Journal;

/// <summary>What became of a saved image on the disk.</summary>
internal enum JournalFileState
{
    /// <summary>It is there, with the same content.</summary>
    Whole,

    /// <summary>No file exists at its path.</summary>
    Missing,

    /// <summary>The content is another one, or cannot be read.</summary>
    Changed,
}
