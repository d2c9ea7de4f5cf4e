using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Simulation.Machine;
using Simulation.Outside;
using Simulation.Users;

namespace Simulation;

/// <summary>
/// One history: a user runs a batch while the network, the disk, the account, and the machine have faults. Then the faults end, and the user runs the batch
/// until it is complete.
/// </summary>
internal sealed class History
{
    private const int MostRunsWhenWell = 10;
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(6);

    private readonly World _world;
    private readonly Settings _settings;
    private readonly WebhookRoute _webhooks;
    private readonly Service _service;
    private readonly Batch _batch;
    private readonly User _user;
    private readonly Promises _promises;
    private int _night;
    private int _processes;
    private int _keys;

    private History(ulong seed, bool isLogging)
    {
        _world = new World(seed) { IsLogging = isLogging };
        _settings = new Settings(_world.Dice);
        _webhooks = new WebhookRoute(_world, _settings);
        _service = new Service(_world, _settings, _webhooks);
        _batch = new Batch(_world, seed, _settings);
        _user = _world.Dice.Next(5) switch
        {
            0 => new ScopeUser(_batch),
            1 => new HandUser(_batch),
            _ => new JournalUser(_batch),
        };
        _promises = new Promises(_world, _service, _batch, _user is JournalUser);
        _service.Accepted = _promises.Accepted;
        if (_user is JournalUser user)
        {
            user.HandedOn = _promises.HandedOn;
        }
    }

    /// <summary>Runs the history of a seed.</summary>
    /// <param name="seed">The seed of every random choice.</param>
    /// <param name="isLogging">Whether to log each event.</param>
    /// <returns>The promise that was broken, or null, and the log.</returns>
    public static (string? Finding, IReadOnlyList<string> Log) Play(ulong seed, bool isLogging = false)
    {
        var history = new History(seed, isLogging);
        try
        {
            history.Play();
        }
        catch (Exception e)
        {
            history._world.Find($"the history could not be played: {e}");
        }

        return (history._world.Finding, history._world.Log);
    }

    private void Play()
    {
        Dice dice = _world.Dice;
        _world.Tell($"{_user.Name}{(_batch.HasWebhooks ? " with webhooks" : string.Empty)}, {_batch.Requests.Count} images, {_settings}");
        double trouble = _settings.Trouble;
        ChangeKey();
        for (int runs = dice.Next(5); runs > 0 && _world.Finding is null; runs--)
        {
            _settings.Trouble = dice.Is(0.7) ? trouble : 0;
            _service.Credits = dice.Is(0.15) ? dice.Next(40) : 1000;
            Process process = NewProcess();
            bool isQuiet = !SetBadLuck() && process.Fate is null && _settings.Trouble <= 0.05 && _service.Credits == 1000;
            if (_user is JournalUser && dice.Is(0.1))
            {
                Run(isQuiet: false, process, NewProcess());
            }
            else
            {
                Run(isQuiet, process);
            }

            _night++;
            _world.Disk.IsFull = false;
            _world.Disk.FlushTrouble = 0;
            if (dice.Is(0.3))
            {
                _service.MakeForeignJob($"Somebody else's picture {runs}");
            }

            // This is long enough for delayed messages to arrive, and short enough for the keys of a scope to be valid.
            _world.Pass(TimeSpan.FromMinutes(3) + dice.Time(TimeSpan.FromSeconds(10), _user.HasTime ? TimeSpan.FromHours(60) : TimeSpan.FromHours(3)));
        }

        _world.Tell($"the world is well");
        (_settings.Trouble, _settings.FailedShare, _service.Credits) = (0, 0, 1000);
        bool isDone = false;
        for (int run = 0; run < MostRunsWhenWell && !isDone && _world.Finding is null; run++)
        {
            isDone = Run(isQuiet: true, new Process(_world, Name()));
            _world.Pass(TimeSpan.FromMinutes(3));
        }

        if (_world.Finding is null)
        {
            _promises.AtEnd(isDone);
            if (_user is JournalUser user && _world.Finding is null)
            {
                CheckReceipt(user);
            }
        }
    }

    private string Name() => $"p{++_processes}";

    private Process NewProcess()
    {
        Dice dice = _world.Dice;
        bool canDie = _settings.TellsInput || !_user.NeedsInputAfterDeath;
        Fate? fate = dice.Next(5) switch
        {
            0 => Fate.Stopped,
            1 when canDie => Fate.PowerLoss,
            2 or 3 when canDie => Fate.Killed,
            _ => null,
        };
        int steps = (int)dice.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(400)).TotalMilliseconds;
        return new Process(_world, Name(), fate, steps);
    }

    /// <summary>Chooses the faults of the disk and the account during a run.</summary>
    /// <returns>Whether there are any.</returns>
    private bool SetBadLuck()
    {
        Dice dice = _world.Dice;
        TimeSpan at = dice.Time(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60));
        (bool isFull, bool isBroken, bool isRevoked) = (dice.Is(0.12), dice.Is(0.06), dice.Is(0.1));
        if (isFull)
        {
            Tonight(at, () => Fill(true));
            Tonight(at + dice.Time(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), () => Fill(false));
        }

        if (isBroken)
        {
            _world.Disk.FlushTrouble = 0.1;
        }

        if (isRevoked)
        {
            Tonight(at, ChangeKey);
        }

        return isFull || isBroken || isRevoked;
    }

    /// <summary>Schedules an event, which does not occur if the time of faults is over by then.</summary>
    private void Tonight(TimeSpan at, Action happens)
    {
        int night = _night;
        _world.After(at, null, () =>
        {
            if (night == _night)
            {
                happens();
            }
        });
    }

    private void Fill(bool isFull)
    {
        _world.Tell($"the disk {(isFull ? "is full" : "has room again")}");
        _world.Disk.IsFull = isFull;
    }

    private void ChangeKey()
    {
        _service.ApiKey = $"afk_{++_keys}{_world.Dice.NextBits():x16}{_world.Dice.NextBits():x16}";
        _promises.AddApiKey(_service.ApiKey);
        if (_keys > 1)
        {
            _world.Tell($"the key is revoked; the user will have another one");
        }
    }

    /// <summary>Runs the batch in one process, or in two processes at the same time, until it ends or the processes end.</summary>
    /// <param name="isQuiet">Whether only faults occur that the client waits for.</param>
    /// <param name="processes">The processes.</param>
    /// <returns>Whether every image is on disk.</returns>
    private bool Run(bool isQuiet, params Process[] processes)
    {
        Run[] runs = [.. processes.Select(Start)];
        _world.RunUntil(() => Array.TrueForAll(runs, run => run.IsOver), LongestRun);
        foreach (Run run in runs)
        {
            End(run, isQuiet);
        }

        return _world.Finding is null && Array.Exists(runs, run => run.IsDone);
    }

    private Run Start(Process process)
    {
        var run = new Run(process);
        _world.After(_processes == 1 ? TimeSpan.Zero : _world.Dice.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5)), process, () =>
        {
            _world.Tell($"runs the batch");
            var network = new Network(_world, _settings, _service, process, call => _promises.Sent(process, call));
            Inbox? inbox = _user.ReceivesWebhooks ? new Inbox(_world, [.. _promises.ApiKeys], _promises) : null;
            var session = new Session(_world, process, network, _service.ApiKey, _promises, inbox);
            if (inbox is not null)
            {
                _webhooks.Listen(process, session.Receive);
            }

            run.Begin(session, _user);
        });
        return run;
    }

    private void End(Run run, bool isQuiet)
    {
        if (_world.Finding is not null)
        {
            return;
        }

        if (!run.Process.IsAlive)
        {
            _user.Died();
            _promises.RequireWholeFiles();
            return;
        }

        run.Process.Exit();
        if (run.Failure is { } e)
        {
            _world.Find($"an error that nobody expects: {e}");
            return;
        }

        _promises.Ended(run.Session!, isQuiet);
    }

    /// <summary>Makes the client create the receipt of the journal, and checks it.</summary>
    private void CheckReceipt(JournalUser user)
    {
        var process = new Process(_world, Name());
        Task<JournalReceipt>? receipt = null;
        _world.Post(process, () =>
        {
            _world.Tell($"asks for the receipt");
            var network = new Network(_world, _settings, _service, process, call => _promises.Sent(process, call));
            receipt = user.ReceiptAsync(new Session(_world, process, network, _service.ApiKey, _promises));
        });
        _world.RunUntil(() => receipt is { IsCompleted: true }, LongestRun);
        process.Exit();
        if (_world.Finding is null)
        {
            _promises.Check(receipt!.Result, _settings.TellsInput || _service.Jobs.All(job => job.Key is not null));
        }
    }
}
