using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.Client.Submit;

namespace Benchmarks;

/// <summary>Measures the time and the memory to read the journal of a large batch, in a process that has read no journal before.</summary>
internal static class JournalReading
{
    private const string Prompt = "Isometric cutaway of a small server room, labels in English, calm palette, soft morning light, number ";

    public static string Read(string path)
    {
        using Process me = Process.GetCurrentProcess();
        double before = me.PeakWorkingSet64 / 1048576.0;
        var watch = Stopwatch.StartNew();
        JournalState state = new BananaJournal(path).Read();
        int saved = state.Entries.Count(entry => entry.State == JournalEntryState.Saved);
        watch.Stop();
        me.Refresh();
        return new JsonObject
        {
            ["images"] = saved,
            ["fileMB"] = new FileInfo(path).Length / 1048576.0,
            ["wallSec"] = watch.Elapsed.TotalSeconds,
            ["cpuSec"] = me.TotalProcessorTime.TotalSeconds,
            ["peakMB"] = me.PeakWorkingSet64 / 1048576.0,
            ["idleMB"] = before,
            ["heldMB"] = GC.GetTotalMemory(forceFullCollection: true) / 1048576.0,
        }.ToJsonString();
    }

    public static void Write(string path, int images)
    {
        DateTimeOffset at = JournalLine.Rounded(DateTimeOffset.UtcNow);
        string id = Guid.NewGuid().ToString();
        using FileStream file = File.Create(path);
        file.Write(JournalLine.Write(new JournalEvent.Begun(at, id)));
        for (int i = 0; i < images; i++)
        {
            SubmitRequest request = new SubmitRequest { Prompt = Prompt + i, Resolution = "2K", AspectRatio = "16:9", OutputFormat = "png" }.Checked();
            string fingerprint = new RequestFingerprint().Of(request);
            string key = RequestFingerprint.Key("journal-", id, fingerprint, "1", "1");
            string jobId = Guid.NewGuid().ToString();
            file.Write(JournalLine.Write(new JournalEvent.Intended(at, key, fingerprint, 1, 1, request)));
            file.Write(JournalLine.Write(new JournalEvent.Accepted(at, key, jobId, JobStatus.Queued, IsAdopted: false)));
            file.Write(JournalLine.Write(new JournalEvent.Ended(at, jobId, JobStatus.Completed) { CreditCost = 9, CreatedAt = at, CompletedAt = at, ImageCount = 1 }));
            file.Write(JournalLine.Write(new JournalEvent.Saved(at, jobId, 0, $"images/{jobId}.png", 1_500_000 + i, Sha256.Of(Encoding.ASCII.GetBytes(jobId)))));
        }
    }
}
