using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.Client.Tests.OverTheWire;

/// <summary>
/// Tests requests without a response whose key the service has forgotten, with a journal on a real disk and the emulator over real sockets.
/// </summary>
public sealed class JournalOverTheWireTests : IDisposable
{
    private static readonly SubmitRequest Request = new()
    {
        Prompt = "Zürich 🍌 \"quoted\"\nnext", Model = "nano-banana-pro", Resolution = "2K", AspectRatio = "16:9", OutputFormat = "png",
        GoogleSearch = true, ReferenceImage = ["https://a.example/1.png?x=1&y=2"],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(EmulatorRequestForm.ModelPage)]
    [InlineData(EmulatorRequestForm.OpenApi)]
    public async Task A_job_without_a_response_is_found_by_the_request_that_it_echoes(EmulatorRequestForm form)
    {
        using BananaEmulator emulator = Start(form);
        ApiframeClient client = Connect(emulator);
        BananaJob other = await client.SubmitAsync(Request with { Resolution = "4K" }, Token);
        BananaJob lost = await LoseAsync(client);

        JournalStep step = await SettleAsync(client);

        Assert.NotEqual(other.JobId, lost.JobId);
        Assert.Equal(lost.JobId, Assert.IsType<JournalStep.Take>(step).Job.JobId);
        Assert.Equal(2, emulator.Counts.ImagesBilled);
    }

    [Fact]
    public async Task Without_an_echoed_request_the_outcome_is_unknown_and_nothing_is_submitted()
    {
        using BananaEmulator emulator = Start(hidesInput: true);
        ApiframeClient client = Connect(emulator);
        await LoseAsync(client);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SettleAsync(client));

        Assert.Equal(ApiframeErrorKind.SubmissionUnknown, e.Kind);
        Assert.Equal(1, emulator.Counts.ImagesBilled);
    }

    private static BananaEmulator Start(EmulatorRequestForm form = EmulatorRequestForm.Both, bool hidesInput = false) => BananaEmulator.Start(
        new BananaEmulatorOptions { ApiKey = FakeService.Key, RequestForm = form, HideInput = hidesInput, IdempotencyKeyLifetime = TimeSpan.Zero });

    private static ApiframeClient Connect(BananaEmulator emulator) =>
        new(new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = emulator.BaseUri }));

    /// <summary>Runs a batch that submits the image and stops before it reads the response.</summary>
    private async Task<BananaJob> LoseAsync(ApiframeClient client)
    {
        using JournalLease lease = Open();
        using JournalClaim claim = lease.BeginRun().Claim(Request);
        var submit = Assert.IsType<JournalStep.Submit>(await claim.SettleAsync(client, Token));
        await claim.IntendAsync(submit.Request);
        return await client.SubmitAsync(submit.Request, Token);
    }

    /// <summary>Runs the batch again.</summary>
    private async Task<JournalStep> SettleAsync(ApiframeClient client)
    {
        using JournalLease lease = Open();
        using JournalClaim claim = lease.BeginRun().Claim(Request);
        return await claim.SettleAsync(client, Token);
    }

    private JournalLease Open() => new BananaJournal(Path.Combine(_folder, "autumn.jsonl")) { KeyLifetime = TimeSpan.Zero }.Open();
}
