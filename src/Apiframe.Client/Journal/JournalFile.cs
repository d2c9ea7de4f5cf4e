using System;
using System.IO;

namespace Apiframe.Client.Journal;

/// <summary>An image that was saved, as its journal has it.</summary>
/// <param name="Index">Which of the job's images it is, from 0.</param>
/// <param name="File">The full path.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="Sha256">The SHA-256 of the content, 64 hexadecimal digits.</param>
/// <param name="SavedAt">When it was saved, UTC.</param>
public sealed record JournalFile(int Index, string File, long Length, string Sha256, DateTimeOffset SavedAt)
{
    /// <summary>Whether the file is still there with the same content. Reads all of it.</summary>
    public bool IsWhole() => Check() == JournalFileState.Whole;

    /// <summary>What became of the file. Reads all of it, unless its length tells.</summary>
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
