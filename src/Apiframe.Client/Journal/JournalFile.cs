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
    /// <summary>Returns whether the file still exists with the same content. Reads the complete file.</summary>
    public bool IsWhole() => Check() == JournalFileState.Whole;

    /// <summary>Returns the state of the file. Reads the complete file, unless its length has changed.</summary>
    internal JournalFileState Check()
    {
        try
        {
            var file = new FileInfo(File);
            if (!file.Exists)
            {
                return JournalFileState.Missing;
            }

            if (file.Length != Length)
            {
                return JournalFileState.Changed;
            }

            using var content = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return string.Equals(Client.Sha256.Of(content), Sha256, StringComparison.OrdinalIgnoreCase) ? JournalFileState.Whole : JournalFileState.Changed;
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
}
