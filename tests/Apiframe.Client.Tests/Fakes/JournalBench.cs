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

/// <summary>A journal on a fake disk beside a fake service, with one clock.</summary>
internal sealed class JournalBench
{
    public static readonly BananaJournal Journal = new(Path.Combine(Path.GetTempPath(), "banana", "autumn.jsonl"));

    /// <summary>Until the journal is opened again.</summary>
    private JournalRegistry _registry;

    public JournalBench(FakeDisk? disk = null, FakeService? service = null)
    {
        Disk = disk ?? new FakeDisk();
        Service = service ?? new FakeService();
        _registry = new JournalRegistry(Service.Clock, Disk.Open);
    }

    public FakeDisk Disk { get; private set; }

    public FakeService Service { get; }

    /// <summary>What the journal on the disk says to somebody who reads it.</summary>
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

    /// <summary>The machine stops: what was not flushed is gone, and so is the process.</summary>
    /// <param name="lostLines">How many of the last lines are gone too.</param>
    public void Crash(int lostLines = 0)
    {
        Disk = Disk.Crashed(lostLines);
        _registry = new JournalRegistry(Service.Clock, Disk.Open);
    }

    /// <summary>One run over prompts, as a caller makes it: each is settled, submitted and accepted, if <paramref name="accept"/> gives it a job.</summary>
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

    /// <summary>Notes something by a lease of its own.</summary>
    public async Task NoteAsync(Func<JournalLease, Task> note)
    {
        JournalLease lease = Open();
        await note(lease);
        await lease.ReleaseAsync();
    }

    /// <summary>A job as the service reports it.</summary>
    public BananaJob Told(int number, string status, decimal? creditCost = null) => new()
    {
        JobId = JobId(number), Status = status, CreditCost = creditCost, IsTold = true, Connection = Service.Connection,
        CreatedAt = Service.Clock.UtcNow, CompletedAt = Service.Clock.UtcNow,
        ImageUrls = status == "COMPLETED" ? [new Uri(string.Create(CultureInfo.InvariantCulture, $"https://cdn.example.net/{number}.png?signature=secret"))] : [],
    };
}
