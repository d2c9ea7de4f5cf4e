using System;
using System.Threading;
using Apiframe.Client.Journal;

namespace Simulation.Machine;

/// <summary>An event that interrupts a process.</summary>
internal enum Fate
{
    Killed,

    PowerLoss,

    /// <summary>The user presses Ctrl+C.</summary>
    Stopped,
}

/// <summary>
/// A process on the simulated machine. Its fate occurs between two of its steps: between two continuations, before or after a write to the disk, or when it
/// sends a request. After it is killed, its code has no effect.
/// </summary>
internal sealed class Process
{
    private readonly World _world;
    private int _stepsLeft;

    /// <param name="world">The world that the process runs in.</param>
    /// <param name="name">The name of the process in the log.</param>
    /// <param name="fate">The event that interrupts the process, or null.</param>
    /// <param name="steps">The number of steps before that event.</param>
    public Process(World world, string name, Fate? fate = null, int steps = 0)
    {
        _world = world;
        Fate = fate;
        _stepsLeft = steps;
        Name = name;
        Began = world.Elapsed;
        world.Add(this);
        Context = new ProcessContext(world, this);
        Clock = new ProcessClock(world, this);
        Registry = new JournalRegistry(Clock);
    }

    public string Name { get; }

    public TimeSpan Began { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether the user has stopped the pipeline.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The event that interrupts the process, or null.</summary>
    public Fate? Fate { get; }

    public SynchronizationContext Context { get; }

    public Apiframe.Client.Clock Clock { get; }

    public JournalRegistry Registry { get; }

    /// <summary>Called when the user stops the pipeline.</summary>
    public Action? Stop { get; set; }

    /// <summary>Counts a step, and applies the fate if it is due.</summary>
    public void Step()
    {
        if (Fate is not { } fate || !IsAlive || --_stepsLeft != 0)
        {
            return;
        }

        _world.Tell($"{(fate == Machine.Fate.Killed ? "is killed" : fate == Machine.Fate.Stopped ? "is stopped by its user" : "loses power with its machine")}");
        if (fate == Machine.Fate.Stopped)
        {
            _world.Post(this, () =>
            {
                IsStopped = true;
                Stop?.Invoke();
            });
            return;
        }

        if (fate == Machine.Fate.PowerLoss)
        {
            _world.LosePower();
        }
        else
        {
            Exit();
        }
    }

    /// <summary>Ends the process. The system closes its files.</summary>
    public void Exit()
    {
        IsAlive = false;
        _world.Disk.CloseAll(this);
    }

    /// <summary>Runs the continuations of the process.</summary>
    private sealed class ProcessContext(World world, Process process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => world.Post(process, () => d(state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }
}
