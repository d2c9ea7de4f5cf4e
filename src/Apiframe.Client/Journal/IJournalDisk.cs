using System;
using System.IO;

namespace Apiframe.Client.Journal;

/// <summary>The file of a journal for its only writer. Disposing of it allows other processes to open the journal.</summary>
internal interface IJournalDisk : IDisposable
{
    /// <summary>The content, from its first byte. It must be read before the file is changed.</summary>
    Stream Content { get; }

    /// <summary>The current length in bytes, including bytes that other programs have written.</summary>
    long Length { get; }

    /// <summary>Appends bytes. They are certain to survive a power failure only after <see cref="Flush"/>.</summary>
    void Append(byte[] buffer, int count);

    /// <summary>Returns when all appended bytes are on disk.</summary>
    void Flush();

    /// <summary>Removes everything after this length.</summary>
    void Truncate(long length);
}
