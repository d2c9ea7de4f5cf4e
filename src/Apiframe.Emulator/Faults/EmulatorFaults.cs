using System.Collections.Generic;
using System.Linq;
using Apiframe.Emulator.Faults;

namespace Apiframe.Emulator;

/// <summary>What an emulator can be told to do wrong, with <see cref="BananaEmulatorOptions.Faults"/>.</summary>
public static class EmulatorFaults
{
    /// <summary>
    /// The names of all faults: those of requests, then those of downloads (<c>Download</c> and what goes wrong), then those of jobs
    /// (<c>Job</c> or <c>Image</c> and what goes wrong). Start-BananaEmulator's help page tells what each does.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. FaultTable.Groups.SelectMany(group => group.Names)];
}
