using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Journal;

/// <summary>Compares journals with the disk, and with the service if it may be asked.</summary>
public static class JournalAudit
{
    /// <summary>Makes one receipt for all journals together. Reads every saved image; submits nothing and writes nothing.</summary>
    /// <param name="journals">What the journals say.</param>
    /// <param name="client">The client that sends the requests; null to compare with the disk only.</param>
    /// <param name="concurrency">How many files are read, and how many jobs are asked for, at a time.</param>
    /// <param name="notRead">Paths of journals that were meant to be compared and could not be read. With one of these, nothing is complete.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ApiframeException">The service did not respond, or no key was found.</exception>
    public static async Task<JournalReceipt> RunAsync(
        IReadOnlyList<JournalState> journals, ApiframeClient? client, int concurrency = 8, IReadOnlyList<string>? notRead = null,
        CancellationToken cancellationToken = default)
    {
        JournalEntry[] attempts = [.. journals.SelectMany(journal => journal.Attempts)];
        AccountCheck? account = client is null ? null : await AccountCheck.ReadAsync(client, attempts, concurrency, cancellationToken).ConfigureAwait(false);
        var files = new ConcurrentDictionary<JournalFile, JournalFileState>();
        await Task.Run(
            () => Parallel.ForEach(
                attempts.SelectMany(attempt => attempt.Files).Distinct(),
                new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
                file => files[file] = file.Check()),
            cancellationToken).ConfigureAwait(false);
        return JournalReceipt.Of(journals, account, file => files[file], notRead ?? Array.Empty<string>());
    }
}
