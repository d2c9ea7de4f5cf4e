using System;
using System.IO;

namespace Apiframe.Client.Journal;

/// <summary>The file of a journal as its one writer has it. Disposing it gives the journal free for other processes.</summary>
internal interface IJournalDisk : IDisposable
{
    /// <summary>The content, standing at its first byte; to be read before anything is changed.</summary>
    Stream Content { get; }

    /// <summary>The length as the disk has it now, in bytes, whoever has written.</summary>
    long Length { get; }

    /// <summary>Writes at the end. Whether the bytes outlive the machine is not known before <see cref="Flush"/>.</summary>
    void Append(byte[] buffer, int count);

    /// <summary>Returns when everything that was appended is on the disk.</summary>
    void Flush();

    /// <summary>Cuts off what is behind this length.</summary>
    void Truncate(long length);
}
