using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Xunit;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>A journal on a fake disk, and a fake service that uses the same clock.</summary>
internal sealed class JournalBench
{
    public static readonly BananaJournal Journal = new(Path.Combine(Path.GetTempPath(), "banana", "autumn.jsonl"));

    /// <summary>The registry of the current process. A crash replaces it.</summary>
    private JournalRegistry _registry;

    public JournalBench(FakeDisk? disk = null, FakeService? service = null)
    {
        Disk = disk ?? new FakeDisk();
        Service = service ?? new FakeService();
        _registry = new JournalRegistry(Service.Clock, Disk.Open);
    }

    public FakeDisk Disk { get; private set; }

    public FakeService Service { get; }

    /// <summary>The state of the journal on the disk, as a reader sees it.</summary>
    public JournalState State => Read(Disk.Written);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static JournalState Read(byte[] content)
    {
        var state = new JournalState(Journal);
        JournalReader.Read(new MemoryStream(content), state);
        return state;
    }

    public static JournalState Read(params string[] lines) => Read(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public static string Line(JournalEvent entry) => Encoding.UTF8.GetString(JournalLine.Write(entry)).TrimEnd('\n');

    public static JournalEvent? Entry(string line)
    {
        var fields = new JournalFields();
        Assert.True(fields.Read(Encoding.UTF8.GetBytes(line)));
        return JournalLine.Read(fields);
    }

    public static string JobId(int number) => new Guid(number, 0, 0, new byte[8]).ToString();

    public JournalLease Open() => new BananaJournal(Journal.Path) { Registry = _registry }.Open();

    /// <summary>Simulates a power failure: the process ends, and bytes that were not flushed are lost.</summary>
    /// <param name="lostLines">The number of flushed lines at the end that are lost too.</param>
    public void Crash(int lostLines = 0)
    {
        Disk = Disk.Crashed(lostLines);
        _registry = new JournalRegistry(Service.Clock, Disk.Open);
    }

    /// <summary>
    /// Runs prompts once, as a caller does: each is settled, submitted, and, if <paramref name="accept"/> returns the number of a job, accepted.
    /// </summary>
    public async Task<JournalStep[]> RunAsync(IReadOnlyList<SubmitRequest> requests, Func<SubmitRequest, int?> accept, bool resubmitUnknown = false)
    {
        JournalLease lease = Open();
        try
        {
            JournalRun run = lease.BeginRun(resubmitUnknown);
            JournalClaim[] claims = [.. requests.Select(run.Claim)];
            return await Task.WhenAll(claims.Select(async claim =>
            {
                using (claim)
                {
                    JournalStep step = await claim.SettleAsync(Service.Client, Token);
                    if (step is JournalStep.Submit submit)
                    {
                        await claim.IntendAsync(submit.Request);
                        if (accept(submit.Request) is { } number)
                        {
                            await claim.AcceptAsync(new BananaJob { JobId = JobId(number), Status = "QUEUED" });
                        }
                    }

                    return step;
                }
            }));
        }
        finally
        {
            await lease.ReleaseAsync();
        }
    }

    public Task<JournalStep[]> RunAsync(string[] prompts, Func<SubmitRequest, int?> accept, bool resubmitUnknown = false) =>
        RunAsync([.. prompts.Select(FakeService.Request)], accept, resubmitUnknown);

    /// <summary>Notes something with a lease of its own.</summary>
    public async Task NoteAsync(Func<JournalLease, Task> note)
    {
        JournalLease lease = Open();
        await note(lease);
        await lease.ReleaseAsync();
    }

    /// <summary>A job in the form that the service returns it.</summary>
    public BananaJob Told(int number, string status, decimal? creditCost = null) => new()
    {
        JobId = JobId(number), Status = status, CreditCost = creditCost, IsTold = true, Connection = Service.Connection,
        CreatedAt = Service.Clock.UtcNow, CompletedAt = Service.Clock.UtcNow,
        ImageUrls = status == "COMPLETED" ? [new Uri(string.Create(CultureInfo.InvariantCulture, $"https://cdn.example.net/{number}.png?signature=secret"))] : [],
    };
}
