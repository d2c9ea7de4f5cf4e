using System;
using System.IO;

namespace Apiframe.Client.Journal;

/// <summary>
/// A journal on disk, identified by its path. It records the requests, the jobs that they led to, and the files of their images. It has no open file, so jobs
/// can refer to it.
/// </summary>
/// <remarks>docs/journal.md describes the format and the rules.</remarks>
public sealed class BananaJournal
{
    /// <summary>The time for which the service knows an idempotency key, according to the API's OpenAPI description.</summary>
    public static readonly TimeSpan DefaultKeyLifetime = IdempotencyScope.KeyLifetime;

    /// <summary>Creates a reference to a journal. Nothing is read or written.</summary>
    /// <param name="path">The path of the file, which need not exist. Wildcards are not expanded. A relative path refers to the current folder of the
    /// process.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalNotWritable"/>: the path is not valid.</exception>
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

    /// <summary>The time for which the service knows an idempotency key. The default is 24 hours.</summary>
    public TimeSpan KeyLifetime { get; init; } = DefaultKeyLifetime;

    /// <summary>The open journals of the process.</summary>
    internal JournalRegistry Registry { get; init; } = JournalRegistry.OfThisProcess;

    /// <summary>The folder that relative paths in the journal refer to.</summary>
    internal string Folder { get; }

    /// <summary>Reads the journal. Needs no connection, and can run while another process writes. A last line that is not complete is ignored.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalDamaged"/> or <see cref="ApiframeErrorKind.JournalUnsupported"/>.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public JournalState Read()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        var state = new JournalState(this, file.Length);
        JournalReader.Read(file, state);
        return state;
    }

    /// <summary>
    /// Opens the journal for writing, and returns after it has been read and can be written. A missing file and its folder are created. Within one process, any
    /// number of leases share the open file. Releasing the last one closes it.
    /// </summary>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.JournalInUse"/>, <see cref="ApiframeErrorKind.JournalDamaged"/>, <see cref="ApiframeErrorKind.JournalUnsupported"/>, or
    /// <see cref="ApiframeErrorKind.JournalNotWritable"/>.
    /// </exception>
    public JournalLease Open() => Registry.Open(this);

    /// <summary>Reads the journal, if it exists, to predict what a run would do. Writes and locks nothing.</summary>
    /// <exception cref="ApiframeException">As for <see cref="Open"/>.</exception>
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

    /// <summary>Returns the path.</summary>
    public override string ToString() => Path;
}
