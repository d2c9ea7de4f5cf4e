using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;

namespace Simulation.Machine;

/// <summary>
/// Runs everything that happens in a history, one event at a time on one thread. Events that are ready run in a random order. If none is ready, the time moves
/// to the next scheduled event.
/// </summary>
internal sealed class World
{
    /// <summary>The number of waiting events that the next event can overtake.</summary>
    private const int MostOvertaken = 4;

    /// <summary>The maximum number of steps. It is far more than any run needs, so a run that exceeds it is in an endless loop.</summary>
    private const int MostSteps = 400_000;

    private static readonly DateTimeOffset Start = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    [ThreadStatic]
    private static World? _current;

    private readonly List<(Process? Owner, Action Run)> _ready = [];
    private readonly PriorityQueue<(Process? Owner, Action Run), (TimeSpan Due, long Order)> _later = new();
    private readonly List<Process> _processes = [];
    private readonly List<string> _log = [];
    private long _order;
    private int _steps;

    public World(ulong seed)
    {
        Dice = new Dice(seed);
        Disk = new Disk(this);
        _current = this;
    }

    /// <summary>The world of the history that runs on this thread.</summary>
    public static World Current => _current ?? throw new InvalidOperationException("No history runs on this thread.");

    public Dice Dice { get; }

    public Disk Disk { get; }

    public TimeSpan Elapsed { get; private set; }

    public DateTimeOffset UtcNow => Start + Elapsed;

    /// <summary>The process whose code runs, or null for code outside of all processes.</summary>
    public Process? Running { get; private set; }

    public IReadOnlyList<string> Log => _log;

    /// <summary>The first promise that was broken, or null.</summary>
    public string? Finding { get; private set; }

    /// <summary>Whether the log is kept. Logging doubles the time of a history.</summary>
    public bool IsLogging { get; init; }

    /// <summary>Runs an action outside of the current process, so that waiting code is posted instead of run inside the action.</summary>
    public static void Outside(Action act)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            act();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Add(Process process) => _processes.Add(process);

    /// <summary>Simulates a power failure, which ends all processes.</summary>
    public void LosePower()
    {
        _processes.FindAll(process => process.IsAlive).ForEach(process => process.Exit());
        Disk.LosePower();
    }

    public void Post(Process? owner, Action run) => _ready.Add((owner, run));

    public void After(TimeSpan delay, Process? owner, Action run) => _later.Enqueue((owner, run), (Elapsed + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero), _order++));

    /// <summary>Runs events until a condition is true.</summary>
    /// <param name="isOver">The condition.</param>
    /// <param name="latest">The time by which the condition must be true. Otherwise, a finding is reported.</param>
    public void RunUntil(Func<bool> isOver, TimeSpan latest)
    {
        TimeSpan end = Elapsed + latest;
        _steps = 0;
        while (Finding is null && !isOver())
        {
            if (++_steps > MostSteps || Elapsed > end)
            {
                Find($"a run did not end within {latest.TotalHours:0.#} hours");
            }
            else if (!TryStep())
            {
                Find("a run waits for something, and nothing is left that could happen");
            }
        }
    }

    /// <summary>Lets time pass in which no process runs.</summary>
    public void Pass(TimeSpan time)
    {
        bool isOver = false;
        After(time, null, () => isOver = true);
        RunUntil(() => isOver, time + TimeSpan.FromSeconds(1));
    }

    public void Tell(ref TellHandler line)
    {
        if (IsLogging && (Running is null or { IsAlive: true }))
        {
            _log.Add(string.Create(CultureInfo.InvariantCulture, $"{Elapsed:d\\.hh\\:mm\\:ss\\.fff}  {Running?.Name ?? "--"}  {line.Text}"));
        }
    }

    /// <summary>Reports a broken promise. Only the first one is kept, because later ones can follow from it.</summary>
    public void Find(string finding)
    {
        Finding ??= finding;
        Tell($"FOUND: {finding}");
    }

    private bool TryStep()
    {
        if (_ready.Count == 0)
        {
            if (!_later.TryDequeue(out (Process? Owner, Action Run) next, out (TimeSpan Due, long Order) at))
            {
                return false;
            }

            Elapsed = at.Due > Elapsed ? at.Due : Elapsed;
            _ready.Add(next);
        }

        int chosen = _ready.Count == 1 ? 0 : Dice.Next(Math.Min(_ready.Count, MostOvertaken));
        (Process? owner, Action run) = _ready[chosen];
        _ready.RemoveAt(chosen);
        if (owner is null or { IsAlive: true })
        {
            Run(owner, run);
        }

        return true;
    }

    private void Run(Process? owner, Action run)
    {
        Running = owner;
        SynchronizationContext.SetSynchronizationContext(owner?.Context);
        try
        {
            run();
            owner?.Step();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
            Running = null;
        }
    }
}
