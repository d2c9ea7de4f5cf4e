using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class ImageInputTests : IDisposable
{
    // No server listens on port 9. The emulator does not request files from other hosts.
    private const string Elsewhere = "http://127.0.0.1:9/files/uploads/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90.png";

    private readonly TestEmulator _test = new(new BananaEmulatorOptions
    {
        ApiKey = TestEmulator.ApiKey, GenerationTimeSec = 10, GenerationTimeSpread = 0, UploadLifetimeSec = 60,
    });

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_job_accepts_uploads_results_and_files_of_other_hosts()
    {
        var result = await _test.CompletedFileAsync("output_format", "png");

        var job = await EndedAsync(await UploadedAsync(), result, Elsewhere, "https://files.example.net/files/x.png");

        Assert.Equal("COMPLETED", TestEmulator.Text(job, "status"));
    }

    [Theory]
    [InlineData("files/uploads/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90.png")]
    [InlineData("files/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90-1.png")]
    [InlineData("files/")]
    public async Task A_job_with_a_missing_input_fails_and_is_refunded(string path)
    {
        var missing = _test.Emulator.BaseUri + path;

        var job = await EndedAsync(await UploadedAsync(), missing);

        Assert.Equal("FAILED", TestEmulator.Text(job, "status"));
        Assert.Equal("The input image could not be fetched: " + missing, TestEmulator.Text(job, "error"));
        Assert.Equal(0, (int)job["creditCost"]!);
        Assert.Equal((1, 0, 0), (_test.Emulator.Counts.JobsAccepted, _test.Emulator.Counts.ImagesBilled, _test.Emulator.Counts.CreditsBilled));
    }

    [Fact]
    public async Task A_missing_input_is_recognized_as_a_single_string_and_under_the_name_localhost()
    {
        var missing = $"http://localhost:{_test.Emulator.BaseUri.Port}/files/uploads/none.png";
        var id = await _test.SubmitWithAsync("image_input", missing);
        _test.Clock.Advance(10);

        Assert.Equal("The input image could not be fetched: " + missing, TestEmulator.Text(await _test.JobAsync(id), "error"));
    }

    [Fact]
    public async Task An_upload_must_exist_when_its_job_is_submitted()
    {
        var url = await UploadedAsync();
        _test.Clock.Advance(59);
        var inTime = await _test.SubmitWithAsync("image_input", url);
        _test.Clock.Advance(1);
        var late = await _test.SubmitWithAsync("image_input", url);
        _test.Clock.Advance(10);

        Assert.Equal("COMPLETED", TestEmulator.Text(await _test.JobAsync(inTime), "status"));
        Assert.Equal("FAILED", TestEmulator.Text(await _test.JobAsync(late), "status"));
    }

    [Fact]
    public async Task A_repeated_submission_returns_the_earlier_job_although_the_upload_has_expired()
    {
        var body = Request(await UploadedAsync());
        var id = await _test.SubmitAsync(body, "k");
        _test.Clock.Advance(60);

        Assert.Equal(id, await _test.SubmitAsync(body, "k"));
        Assert.Equal("COMPLETED", TestEmulator.Text(await _test.JobAsync(id), "status"));
    }

    private async Task<string> UploadedAsync() => TestEmulator.Text(await _test.UploadAsync(TestFiles.Png), "url");

    private async Task<JsonNode> EndedAsync(params string[] inputs)
    {
        var id = await _test.SubmitAsync(Request(inputs));
        _test.Clock.Advance(10);
        return await _test.JobAsync(id);
    }

    private static string Request(params string[] inputs) => new JsonObject
    {
        ["model"] = "nano-banana-2",
        ["prompt"] = "x",
        ["nanoBananaParams"] = new JsonObject { ["image_input"] = new JsonArray([.. inputs.Select(url => JsonValue.Create(url))]) },
    }.ToJsonString();
}
