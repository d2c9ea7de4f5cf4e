using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

/// <summary>Tests that a journal stores edits like prompts, each with its endpoint.</summary>
public sealed class JournalEditTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 9, 0, 0, 123, TimeSpan.Zero);

    private readonly JournalBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void An_intent_of_an_edit_contains_its_endpoint_and_the_description_of_the_image() => Assert.Equal(
        """
        {"event":"intended","at":"2026-11-20T09:00:00.123Z","key":"k","fingerprint":"f","ordinal":1,"attempt":1,"endpoint":"/v2/images/upscale","prompt":"a kite","request":{"model":"topaz-image-upscale","topazUpscaleParams":{"image":"https://a.example/1.png","upscale_factor":4,"output_format":"png"}}}
        """,
        JournalBench.Line(Intended()));

    [Fact]
    public void An_intent_of_an_edit_is_read_with_every_option_after_any_other_line()
    {
        var fields = new JournalFields();
        SubmitRequest[] requests = [Edit(4), Edit(2), Edit(null), new() { Prompt = "a kite" }, Edit(null) with { Prompt = string.Empty }, Edit(4)];

        foreach (SubmitRequest request in requests)
        {
            fields.Read(JournalLine.Write(Intended() with { Request = request.Checked() }).AsSpan()[..^1]);
            SubmitRequest read = ((JournalEvent.Intended)JournalLine.Read(fields)!).Request;
            Assert.Equal(request.Prompt, read.Prompt);
            Assert.Equal(request.ReferenceImage, read.ReferenceImage);
            Assert.Equal(request.Checked().ToOptions() with { ReferenceImage = [] }, read.ToOptions() with { ReferenceImage = [] });
        }
    }

    [Theory]
    [InlineData("\"endpoint\":\"/v2/images/upscale\",", "")]
    [InlineData("/v2/images/upscale", "/v2/images/background-remove")]
    [InlineData("topazUpscaleParams", "otherParam")]
    [InlineData("\"upscale_factor\":4", "\"upscale_factor\":3")]
    public void An_intent_of_an_edit_without_a_valid_edit_is_rejected(string good, string bad) => Assert.Throws<FormatException>(
        () => JournalBench.Entry(JournalBench.Line(Intended()).Replace(good, bad, StringComparison.Ordinal)));

    [Fact]
    public async Task The_next_run_recognizes_each_edit_of_an_image_and_submits_only_new_edits()
    {
        await _bench.RunAsync([Edit(4), Edit(null), Edit(4)], Numbered());

        JournalStep[] steps = await _bench.RunAsync([Edit(4), Edit(null), Edit(4), Edit(2)], _ => 4);

        Assert.Equal(["Take", "Take", "Take", "Submit"], steps.Select(step => step.GetType().Name));
        Assert.Equal(3, steps.OfType<JournalStep.Take>().Select(step => step.Job.JobId).Distinct().Count());
        Assert.Equal(["upscaled by a factor of 4", "background removed"], steps.OfType<JournalStep.Take>().Select(step => step.Job.Edit!.ToString()).Distinct());
        Assert.All(_bench.State.Entries, entry => Assert.Equal("a kite", entry.Prompt));
    }

    [Fact]
    public async Task An_edit_is_recognized_although_the_description_of_its_image_has_changed()
    {
        await _bench.RunAsync([Edit(4)], _ => 1);

        JournalStep step = Assert.Single(await _bench.RunAsync([Edit(4) with { Prompt = "another name" }], _ => throw new InvalidOperationException("paid twice")));

        Assert.Equal("another name", Assert.IsType<JournalStep.Take>(step).Job.Prompt);
    }

    [Fact]
    public async Task An_edit_without_a_response_is_found_among_the_jobs_of_the_account_by_its_request()
    {
        var account = new FakeAccount(_bench.Service);
        await _bench.RunAsync([Edit(4)], _ => null);
        account.Add(1, Edit(2).Checked());
        account.Add(2, Edit(4).Checked());
        account.Add(3, Edit(null).Checked());
        account.Add(4, new SubmitRequest { Prompt = "a kite" });
        _bench.Service.Clock.Advance(TimeSpan.FromDays(2));
        account.Add(5, Edit(4).Checked());

        JournalStep step = Assert.Single(await _bench.RunAsync([Edit(4)], _ => throw new InvalidOperationException("paid twice")));

        Assert.Equal(JournalBench.JobId(2), Assert.IsType<JournalStep.Take>(step).Job.JobId);
    }

    [Fact]
    public async Task An_edit_without_a_matching_job_is_submitted_again()
    {
        var account = new FakeAccount(_bench.Service);
        await _bench.RunAsync([Edit(4)], _ => null);
        account.Add(1, Edit(2).Checked());
        _bench.Service.Clock.Advance(TimeSpan.FromDays(2));
        account.Add(2, Edit(2).Checked());

        Assert.IsType<JournalStep.Submit>(Assert.Single(await _bench.RunAsync([Edit(4)], _ => 3)));
    }

    [Fact]
    public async Task An_edit_of_a_local_file_without_a_response_is_found_after_the_service_has_forgotten_the_key()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            using BananaEmulator emulator = BananaEmulator.Start(
                new BananaEmulatorOptions { ApiKey = FakeService.Key, IdempotencyKeyLifetime = TimeSpan.Zero, GenerationTimeSec = 0 });
            var client = new ApiframeClient(new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = emulator.BaseUri }));
            SubmitRequest edit = Edit(null) with { ReferenceImage = [Path.Combine(folder, "kite.png")] };
            await File.WriteAllBytesAsync(edit.ReferenceImage[0], SampleImages.Png, Token);
            string journal = Path.Combine(folder, "autumn.jsonl");
            BananaJob lost;
            using (JournalLease lease = new BananaJournal(journal) { KeyLifetime = TimeSpan.Zero }.Open())
            {
                using JournalClaim claim = lease.BeginRun().Claim(edit);
                SubmitRequest request = Assert.IsType<JournalStep.Submit>(await claim.SettleAsync(client, Token)).Request;
                request = request with { ReferenceImage = [(await client.UploadAsync(edit.ReferenceImage[0], Token)).Url.AbsoluteUri] };
                await claim.IntendAsync(request);
                lost = await client.SubmitAsync(request, Token);
            }

            using JournalLease next = new BananaJournal(journal) { KeyLifetime = TimeSpan.Zero }.Open();
            BananaJob found = await client.SubmitAsync(next.BeginRun().Claim(edit), Token);

            Assert.Equal(lost.JobId, found.JobId);
            Assert.Equal(1, emulator.Counts.ImagesBilled);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Func<SubmitRequest, int?> Numbered()
    {
        int number = 0;
        return _ => Interlocked.Increment(ref number);
    }

    private static SubmitRequest Edit(decimal? factor) => new()
    {
        Prompt = "a kite", Edit = new ImageEdit { Upscale = factor }, ReferenceImage = ["https://a.example/1.png"], OutputFormat = factor is null ? null : "png",
    };

    private static JournalEvent.Intended Intended() => new(At, "k", "f", 1, 1, Edit(4).Checked());
}
