using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Simulation.Machine;
using Simulation.Outside;
using Simulation.Users;

namespace Simulation;

/// <summary>
/// One history: a batch, and a user who runs it while the network, the disk, the account, and the machine do what they can. Then the world gets well, and the user runs
/// the batch until it is done.
/// </summary>
internal sealed class History
{
    private const int MostRunsWhenWell = 10;
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(6);

    private readonly World _world;
    private readonly Settings _settings;
    private readonly Service _service;
    private readonly Batch _batch;
    private readonly User _user;
    private readonly Promises _promises;
    private int _processes;
    private int _keys;

    private History(ulong seed, bool isLogging)
    {
        _world = new World(seed) { IsLogging = isLogging };
        _settings = new Settings(_world.Dice);
        _service = new Service(_world, _settings);
        _batch = new Batch(_world, seed);
        _user = _world.Dice.Next(5) switch
        {
            0 => new ScopeUser(_batch),
            1 => new HandUser(_batch),
            _ => new JournalUser(_batch),
        };
        _promises = new Promises(_world, _service, _batch, _user is JournalUser);
        _service.Accepted = _promises.Accepted;
    }

    /// <summary>Plays the history of a seed.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="isLogging">Whether to keep what happens, line by line.</param>
    /// <returns>The promise that was broken, or null; and the lines.</returns>
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
        _world.Tell($"{_user.Name}, {_batch.Requests.Count} images, {_settings}");
        double trouble = _settings.Trouble;
        ChangeKey();
        for (int runs = dice.Next(5); runs > 0 && _world.Finding is null; runs--)
        {
            _settings.Trouble = dice.Is(0.7) ? trouble : 0;
            _service.Credits = dice.Is(0.15) ? dice.Next(40) : 1000;
            SetBadLuck();
            Run(NewProcess());
            _world.Disk.IsFull = false;
            _world.Disk.FlushTrouble = 0;
            // Long enough for what was late to have come, and short enough for the keys of a scope.
            _world.Pass(TimeSpan.FromMinutes(3) + dice.Time(TimeSpan.FromSeconds(10), _user.HasTime ? TimeSpan.FromHours(60) : TimeSpan.FromHours(3)));
            if (dice.Is(0.3))
            {
                _service.MakeForeignJob($"Somebody else's picture {runs}");
            }
        }

        _world.Tell($"the world is well");
        (_settings.Trouble, _settings.FailedShare, _service.Credits) = (0, 0, 1000);
        bool isDone = false;
        for (int run = 0; run < MostRunsWhenWell && !isDone && _world.Finding is null; run++)
        {
            isDone = Run(new Process(_world, Name()));
            _world.Pass(TimeSpan.FromMinutes(3));
        }

        if (_world.Finding is null)
        {
            _promises.AtEnd(isDone);
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

    /// <summary>What happens in the middle of a run.</summary>
    private void SetBadLuck()
    {
        Dice dice = _world.Dice;
        TimeSpan at = dice.Time(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60));
        if (dice.Is(0.12))
        {
            _world.After(at, null, () =>
            {
                _world.Tell($"the disk is full");
                _world.Disk.IsFull = true;
            });
            _world.After(at + dice.Time(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), null, () =>
            {
                _world.Tell($"the disk has room again");
                _world.Disk.IsFull = false;
            });
        }

        if (dice.Is(0.06))
        {
            _world.Disk.FlushTrouble = 0.1;
        }

        if (dice.Is(0.1))
        {
            _world.After(at, null, ChangeKey);
        }
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

    /// <summary>Runs the batch in a process, to its end or to that of the process.</summary>
    /// <returns>Whether every image is on disk.</returns>
    private bool Run(Process process)
    {
        Session? session = null;
        Task<bool>? run = null;
        _promises.Begin();
        _world.Post(process, () =>
        {
            _world.Tell($"runs the batch");
            session = new Session(_world, process, new Network(_world, _settings, _service, process, call => _promises.Sent(process, call)), _service.ApiKey);
            run = _user.RunAsync(session);
        });
        _world.RunUntil(() => !process.IsAlive || run is { IsCompleted: true }, LongestRun);
        if (_world.Finding is not null)
        {
            return false;
        }

        if (!process.IsAlive)
        {
            _user.Died();
            _promises.RequireWholeFiles();
            return false;
        }

        process.Exit();
        if (run!.Exception?.InnerException is { } e)
        {
            _world.Find($"an error that nobody expects: {e}");
            return false;
        }

        _promises.Ended(session!);
        return run.Result;
    }
}
