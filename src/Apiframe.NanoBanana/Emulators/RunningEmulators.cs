using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using Apiframe.Client.Journal;
using Apiframe.Emulator;

namespace Apiframe.NanoBanana.Emulators;

/// <summary>
/// The emulators of this process. This class is static and changes, because ports and environment variables belong to the process, and all runspaces share
/// them.
/// </summary>
internal static class RunningEmulators
{
    private static readonly object Lock = new();
    private static readonly List<BananaEmulator> Running = [];
    private static readonly List<KeyValuePair<BananaEmulator, ServiceEnvironment>> Overrides = [];

    /// <summary>All running emulators, oldest first.</summary>
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

    /// <summary>Starts an emulator, and sets the environment variables of the process if requested.</summary>
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

    /// <summary>Stops an emulator, and restores the environment variables from before its start.</summary>
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
                // A later emulator is in use and would restore the values of this one. It must restore the values from before both.
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
