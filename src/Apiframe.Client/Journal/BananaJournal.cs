using System;
using System.IO;

namespace Apiframe.Client.Journal;

/// <summary>
/// A journal on disk, known by its path: what was asked for, which jobs came of it, and where their images are. It holds no open file, so jobs can remember it.
/// </summary>
/// <remarks>docs/journal.md describes the format and the rules.</remarks>
public sealed class BananaJournal
{
    /// <summary>How long the service recognizes an idempotency key, as its OpenAPI description says.</summary>
    public static readonly TimeSpan DefaultKeyLifetime = IdempotencyScope.KeyLifetime;

    /// <summary>Names a journal. Nothing is read or written yet.</summary>
    /// <param name="path">The file, which does not have to exist. Taken literally; a relative path starts at the current folder of the process.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalNotWritable"/>: no file can have this path.</exception>
    public BananaJournal(string path)
    {
        try
        {
            Path = System.IO.Path.GetFullPath(path);
            Folder = System.IO.Path.GetDirectoryName(Path) ?? Path;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or IOException or System.Security.SecurityException)
        {
            throw ApiframeException.NotSent($"'{path}' is not a valid path for a journal: {e.Message}", ApiframeErrorKind.JournalNotWritable);
        }
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>How long the service recognizes an idempotency key; 24 hours if not given.</summary>
    public TimeSpan KeyLifetime { get; init; } = DefaultKeyLifetime;

    /// <summary>Who else in this process writes to it.</summary>
    internal JournalRegistry Registry { get; init; } = JournalRegistry.OfThisProcess;

    /// <summary>Where relative paths in the journal start.</summary>
    internal string Folder { get; }

    /// <summary>Reads the journal. Needs no connection, and works while another process writes; a last line that is not complete yet is ignored.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalDamaged"/> or <see cref="ApiframeErrorKind.JournalUnsupported"/>.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public JournalState Read()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        var state = new JournalState(this);
        JournalReader.Read(file, state);
        return state;
    }

    /// <summary>
    /// Opens the journal for writing and returns once it is read and known to be writable. A file that does not exist is made, and its folder too. In one process
    /// any number of leases share the open file; the last one to be released closes it.
    /// </summary>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.JournalInUse"/>, <see cref="ApiframeErrorKind.JournalDamaged"/>, <see cref="ApiframeErrorKind.JournalUnsupported"/> or
    /// <see cref="ApiframeErrorKind.JournalNotWritable"/>.
    /// </exception>
    public JournalLease Open() => Registry.Open(this);

    /// <summary>Reads the journal, if there is one, to tell what a run would do. Writes nothing and locks nothing.</summary>
    /// <exception cref="ApiframeException">As of <see cref="Open"/>.</exception>
    public JournalPreview Preview()
    {
        try
        {
            return new JournalPreview(this, File.Exists(Path) ? Read() : new JournalState(this));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ApiframeException.NotSent($"The journal '{Path}' cannot be read: {e.Message}", ApiframeErrorKind.JournalNotWritable);
        }
    }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
