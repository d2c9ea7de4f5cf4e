using System;
using System.Collections.Generic;

namespace Apiframe.Client.Journal;

/// <summary>The open journals of a process. Each file is opened once for all users in the process.</summary>
internal sealed class JournalRegistry
{
    private readonly Dictionary<string, OpenJournal> _open = new(JournalPath.Comparer);
    private readonly Func<string, IJournalDisk> _disk;
    private readonly Clock _clock;

    /// <param name="clock">The clock for the times of events.</param>
    /// <param name="disk">Opens the file at a path.</param>
    public JournalRegistry(Clock clock, Func<string, IJournalDisk>? disk = null)
    {
        _clock = clock;
        _disk = disk ?? JournalDisk.Open;
    }

    /// <summary>The registry of the process, because a process has one lock on a file.</summary>
    public static JournalRegistry OfThisProcess { get; } = new(Clock.System);

    /// <inheritdoc cref="BananaJournal.Open"/>
    public JournalLease Open(BananaJournal journal)
    {
        OpenJournal open;
        lock (_open)
        {
            if (!_open.TryGetValue(journal.Path, out open!))
            {
                open = new OpenJournal(journal, _clock, _disk, TryClose);
                _open.Add(journal.Path, open);
            }

            open.Leases++;
        }

        try
        {
            open.EnsureOpen();
            return new JournalLease(journal, open, Release);
        }
        catch
        {
            Release(open);
            throw;
        }
    }

    /// <summary>Returns a journal in the state in which it was read, which cannot be written.</summary>
    public OpenJournal Preview(BananaJournal journal, JournalState state) => new(journal, _clock, _disk, idle: _ => { }, state);

    private void Release(OpenJournal open)
    {
        lock (_open)
        {
            open.Leases--;
            TryClose(open);
        }
    }

    /// <summary>Closes a journal without users. If lines are pending, the writer calls this method again after they are written.</summary>
    private void TryClose(OpenJournal open)
    {
        lock (_open)
        {
            if (open.Leases == 0 && _open.TryGetValue(open.Path, out OpenJournal? current) && current == open && open.TryClose())
            {
                _open.Remove(open.Path);
            }
        }
    }
}
