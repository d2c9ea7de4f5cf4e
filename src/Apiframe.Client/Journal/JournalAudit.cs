using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Journal;

/// <summary>Compares journals with the disk, and optionally with the service.</summary>
public static class JournalAudit
{
    /// <summary>Creates one receipt for all journals. Reads every saved image. Submits and writes nothing.</summary>
    /// <param name="journals">The states of the journals.</param>
    /// <param name="client">The client that sends the requests, or null to compare only with the disk.</param>
    /// <param name="concurrency">The maximum number of files that are read, and of jobs that are requested, at the same time.</param>
    /// <param name="notRead">The paths of journals that could not be read. If there are any, the receipt is not complete.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ApiframeException">The service did not respond, or no key was found.</exception>
    public static async Task<JournalReceipt> RunAsync(
        IReadOnlyList<JournalState> journals, ApiframeClient? client, int concurrency = 8, IReadOnlyList<string>? notRead = null,
        CancellationToken cancellationToken = default)
    {
        JournalEntry[] attempts = [.. journals.SelectMany(journal => journal.Attempts)];
        AccountCheck? account = client is null ? null : await AccountCheck.ReadAsync(client, attempts, concurrency, cancellationToken).ConfigureAwait(false);
        var files = new ConcurrentDictionary<JournalFile, JournalFileState>();
        await Task.Run(() => Parallel.ForEach(
            attempts.SelectMany(attempt => attempt.Files).Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
            file => files[file] = file.Check())).ConfigureAwait(false);
        return JournalReceipt.Of(journals, account, file => files[file], notRead ?? Array.Empty<string>());
    }
}
