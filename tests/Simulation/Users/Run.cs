using System;
using System.Threading.Tasks;
using Simulation.Machine;

namespace Simulation.Users;

internal sealed class Run(Process process)
{
    private Task<bool>? _work;

    public Process Process { get; } = process;

    /// <summary>The session of the run, or null before it begins.</summary>
    public Session? Session { get; private set; }

    public bool IsOver => !Process.IsAlive || _work is { IsCompleted: true };

    public bool IsDone => _work is { IsCompletedSuccessfully: true, Result: true };

    /// <summary>The exception of the user's own code, or null.</summary>
    public Exception? Failure => _work?.Exception?.InnerException;

    public void Begin(Session session, User user)
    {
        Session = session;
        _work = WorkAsync(session, user);
    }

    private static async Task<bool> WorkAsync(Session session, User user)
    {
        bool isDone = await user.RunAsync(session);
        await session.FinishRepeatsAsync();
        return isDone;
    }
}
