using System;
using System.Threading;
using Apiframe.Client.Journal;

namespace Simulation.Machine;

/// <summary>What a process comes to before it has done its work.</summary>
internal enum Fate
{
    /// <summary>It is killed.</summary>
    Killed,

    /// <summary>The machine loses power.</summary>
    PowerLoss,

    /// <summary>The user presses Ctrl+C.</summary>
    Stopped,
}

/// <summary>
/// A process on the simulated machine. Its fate comes between any two of its steps: between two continuations, before or after a write to the disk, or when it sends a
/// request. What it does after it was killed has no effect.
/// </summary>
internal sealed class Process
{
    private readonly World _world;
    private int _stepsLeft;

    /// <param name="world">Where it runs.</param>
    /// <param name="name">What the log calls it.</param>
    /// <param name="fate">What it comes to; null if nothing happens to it.</param>
    /// <param name="steps">After how many steps.</param>
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

    /// <summary>When it began.</summary>
    public TimeSpan Began { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether the user has stopped what it does.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What it comes to; null if nothing happens to it.</summary>
    public Fate? Fate { get; }

    public SynchronizationContext Context { get; }

    public Apiframe.Client.Clock Clock { get; }

    public JournalRegistry Registry { get; }

    /// <summary>Called when the user stops it.</summary>
    public Action? Stop { get; set; }

    /// <summary>Counts a step, and lets its fate come.</summary>
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

    /// <summary>Ends it. The system closes its files.</summary>
    public void Exit()
    {
        IsAlive = false;
        _world.Disk.CloseAll(this);
    }

    /// <summary>Where the process's continuations run.</summary>
    private sealed class ProcessContext(World world, Process process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => world.Post(process, () => d(state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }
}
