using System;

namespace Apiframe.Emulator.Jobs;

/// <summary>The statuses as they are spelled on the wire.</summary>
internal static class JobStatusNames
{
    private static readonly string[] Names = ["QUEUED", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED", "MODERATING"];

    public static string NameOf(JobStatus status) => Names[(int)status];

    /// <summary>Takes the statuses of the contract only: a list cannot be asked for others.</summary>
    public static bool TryParse(string name, out JobStatus status)
    {
        var index = Array.IndexOf(Names, name);
        var isKnown = index is >= 0 and <= (int)JobStatus.Cancelled;
        status = isKnown ? (JobStatus)index : default;
        return isKnown;
    }
}
