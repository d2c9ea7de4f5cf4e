using System;
using System.Threading.Tasks;
using Simulation.Machine;

namespace Simulation.Users;

/// <summary>A run of the batch in a process.</summary>
internal sealed class Run(Process process)
{
    private Task<bool>? _work;

    public Process Process { get; } = process;

    /// <summary>What came out of it; null until it begins.</summary>
    public Session? Session { get; private set; }

    public bool IsOver => !Process.IsAlive || _work is { IsCompleted: true };

    /// <summary>Whether every image is on disk.</summary>
    public bool IsDone => _work is { IsCompletedSuccessfully: true, Result: true };

    /// <summary>What the user's own code has failed with; null if it has not.</summary>
    public Exception? Failure => _work?.Exception?.InnerException;

    public void Begin(Session session, User user)
    {
        Session = session;
        _work = user.RunAsync(session);
    }
}
