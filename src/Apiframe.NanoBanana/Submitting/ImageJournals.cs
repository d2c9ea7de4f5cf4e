using System;
using System.Collections.Generic;
using Apiframe.Client;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>The journals of one call. Each is opened before the first request for it is sent, and stays open until the call ends.</summary>
internal sealed class ImageJournals : IDisposable
{
    private readonly Dictionary<string, (JournalLease Lease, JournalRun Run)> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JournalPreview> _previews = new(StringComparer.Ordinal);
    private readonly bool _resubmitUnknown;
    private readonly int _throttleLimit;

    /// <param name="resubmitUnknown">Whether an image is submitted again if it is unknown whether it was accepted.</param>
    /// <param name="throttleLimit">The maximum number of concurrent submissions.</param>
    public ImageJournals(bool resubmitUnknown, int throttleLimit)
    {
        _resubmitUnknown = resubmitUnknown;
        _throttleLimit = throttleLimit;
    }

    /// <summary>Opens a journal, which is created if it does not exist.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="ApiframeException">As for <see cref="BananaJournal.Open"/>.</exception>
    public JournalRun Open(string path)
    {
        if (!_runs.TryGetValue(path, out (JournalLease Lease, JournalRun Run) open))
        {
            JournalLease lease = Journal(path).Open();
            open = (lease, lease.BeginRun(_resubmitUnknown, _throttleLimit));
            _runs.Add(path, open);
        }

        return open.Run;
    }

    /// <summary>Reads a journal without opening it for writing.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="ApiframeException">As for <see cref="BananaJournal.Preview"/>.</exception>
    public JournalPreview Preview(string path)
    {
        if (!_previews.TryGetValue(path, out JournalPreview? preview))
        {
            preview = Journal(path).Preview();
            _previews.Add(path, preview);
        }

        return preview;
    }

    public void Dispose()
    {
        foreach ((JournalLease lease, _) in _runs.Values)
        {
            lease.Dispose();
        }

        _runs.Clear();
    }

    private static BananaJournal Journal(string path) => new(path) { KeyLifetime = ServiceEnvironment.Current.IdempotencyKeyLifetime };
}
