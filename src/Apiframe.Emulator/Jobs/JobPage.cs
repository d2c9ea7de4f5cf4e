using System.Collections.Generic;

namespace Apiframe.Emulator.Jobs;

internal sealed class JobPage
{
    public JobPage(IReadOnlyList<EmulatedJob> jobs, bool hasMore)
    {
        Jobs = jobs;
        HasMore = hasMore;
    }

    public IReadOnlyList<EmulatedJob> Jobs { get; }

    public bool HasMore { get; }

    public string? NextCursor => HasMore ? JobListCursor.Encode(Jobs[Jobs.Count - 1]) : null;
}
