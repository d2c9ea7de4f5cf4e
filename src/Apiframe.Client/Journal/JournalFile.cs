using System;
using System.IO;

namespace Apiframe.Client.Journal;

/// <summary>A saved image, as its journal records it.</summary>
/// <param name="Index">The index of the image in its job, from 0.</param>
/// <param name="File">The full path of the file.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="Sha256">The SHA-256 hash of the content, 64 hexadecimal digits.</param>
/// <param name="SavedAt">The time in UTC when it was saved.</param>
public sealed record JournalFile(int Index, string File, long Length, string Sha256, DateTimeOffset SavedAt)
{
    private readonly string? _folder;
    private readonly Utf8Text _file = File;
    private readonly Utf8Text _sha256 = Sha256;

    /// <param name="saved">The line of the image.</param>
    /// <param name="folder">The folder that a relative path refers to. A full path is longer, so it is created when it is needed.</param>
    internal JournalFile(JournalEvent.Saved saved, string folder)
        : this(saved.Index, string.Empty, saved.Length, string.Empty, saved.At) =>
        (_folder, _file, _sha256) = (folder, saved.File, saved.Sha256);

    /// <summary>The full path of the file.</summary>
    public string File
    {
        get => _folder is null ? _file.ToString() : JournalPath.Full(_folder, _file.ToString());
        init => (_folder, _file) = (null, value);
    }

    /// <summary>The SHA-256 hash of the content, 64 hexadecimal digits.</summary>
    public string Sha256
    {
        get => _sha256.ToString();
        init => _sha256 = value;
    }

    /// <summary>Returns whether the other record has the same values, whether or not it comes from a journal of the same folder.</summary>
    public bool Equals(JournalFile? other) =>
        other is not null && Index == other.Index && Length == other.Length && SavedAt == other.SavedAt && _sha256.Equals(other._sha256)
        && ((_folder == other._folder && _file.Equals(other._file)) || File == other.File);

    /// <inheritdoc/>
    public override int GetHashCode() => _sha256.GetHashCode() ^ Index;

    /// <summary>Returns whether the file still exists with the same content. Reads the complete file.</summary>
    public bool IsWhole() => Check() == JournalFileState.Whole;

    /// <summary>Returns the state of the file. Reads the complete file, unless its length has changed.</summary>
    internal JournalFileState Check()
    {
        try
        {
            return new FileInfo(File).Length == Length && string.Equals(Hash(), Sha256, StringComparison.OrdinalIgnoreCase) ? JournalFileState.Whole : JournalFileState.Changed;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return JournalFileState.Missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return JournalFileState.Changed;
        }
    }

    private string Hash()
    {
        using var content = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Client.Sha256.Of(content);
    }
}
