using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using Apiframe.Client.Journal;
using Apiframe.Emulator;

namespace Apiframe.NanoBanana.Emulators;

/// <summary>
/// The emulators of this process. Static and mutable, because what it stands for is the process's too:
/// listening ports and environment variables, which every runspace shares.
/// </summary>
internal static class RunningEmulators
{
    private static readonly object Lock = new();
    private static readonly List<BananaEmulator> Running = [];
    private static readonly List<KeyValuePair<BananaEmulator, ServiceEnvironment>> Overrides = [];

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<BananaEmulator> All
    {
        get
        {
            lock (Lock)
            {
                return Running.ToList();
            }
        }
    }

    /// <summary>Starts an emulator and, if asked to, points the process at it.</summary>
    public static BananaEmulator Start(BananaEmulatorOptions options, bool setEnvironment)
    {
        var emulator = BananaEmulator.Start(options);
        lock (Lock)
        {
            Running.Add(emulator);
            if (setEnvironment)
            {
                Overrides.Add(new(emulator, ServiceEnvironment.Current));
                Address(emulator).Apply();
            }
        }

        return emulator;
    }

    /// <summary>Stops an emulator and puts back the environment that was there before it.</summary>
    public static void Stop(BananaEmulator emulator)
    {
        emulator.Stop();
        lock (Lock)
        {
            Running.Remove(emulator);
            int index = Overrides.FindIndex(pair => pair.Key == emulator);
            if (index < 0)
            {
                return;
            }

            ServiceEnvironment before = Overrides[index].Value;
            Overrides.RemoveAt(index);
            if (index < Overrides.Count)
            {
                // A later emulator is in use and would restore this one's values. It must restore the values from before both.
                Overrides[index] = new(Overrides[index].Key, before);
            }
            else if (ServiceEnvironment.Current == Address(emulator))
            {
                before.Apply();
            }
        }
    }

    private static ServiceEnvironment Address(BananaEmulator emulator) => new(
        emulator.BaseUri.GetLeftPart(UriPartial.Authority),
        new NetworkCredential(string.Empty, emulator.ApiKey).Password,
        emulator.IdempotencyKeyLifetime < BananaJournal.DefaultKeyLifetime
            ? emulator.IdempotencyKeyLifetime.TotalSeconds.ToString(CultureInfo.InvariantCulture)
            : null);
}
