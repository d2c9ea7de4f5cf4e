namespace Apiframe.Client.Journal;

/// <summary>The state of a saved image on disk.</summary>
internal enum JournalFileState
{
    /// <summary>The file exists with the same content.</summary>
    Whole,

    /// <summary>The file does not exist.</summary>
    Missing,

    /// <summary>The file has other content or cannot be read.</summary>
    Changed,
}
