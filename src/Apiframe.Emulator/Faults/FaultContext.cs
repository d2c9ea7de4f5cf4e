using System;

namespace Apiframe.Emulator.Faults;

/// <summary>What faults need of the emulator they are in.</summary>
internal sealed class FaultContext
{
    /// <summary>How long faults that last hold on.</summary>
    public required TimeSpan Duration { get; init; }

    public required Func<DateTimeOffset> Clock { get; init; }

    /// <summary>Closes the port for <see cref="Duration"/>.</summary>
    public required Action RefuseConnections { get; init; }

    /// <summary>Whether a job is known, and the id of another one.</summary>
    public required Func<Guid, (bool IsKnown, Guid? Other)> OtherJob { get; init; }

    /// <summary>The files that <see cref="ChangedTagFault"/> changes while they are downloaded.</summary>
    public ChangedFiles ChangedFiles { get; } = new();

    /// <summary>The emulator under another host name than its own.</summary>
    public required Uri OtherUri { get; init; }
}
