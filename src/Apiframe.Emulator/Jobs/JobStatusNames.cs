using System;

namespace Apiframe.Emulator.Jobs;

/// <summary>The statuses as they are spelled on the wire.</summary>
internal static class JobStatusNames
{
    private static readonly string[] Names = ["QUEUED", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"];

    public static string NameOf(JobStatus status) => Names[(int)status];

    public static bool TryParse(string name, out JobStatus status)
    {
        var index = Array.IndexOf(Names, name);
        status = index < 0 ? default : (JobStatus)index;
        return index >= 0;
    }
}
