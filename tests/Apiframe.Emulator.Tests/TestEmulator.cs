using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests;

/// <summary>An emulator with a fake clock, and a client that sends its key.</summary>
internal sealed class TestEmulator : IDisposable
{
    public const string ApiKey = "afk_0123456789abcdef";
    public const string SmallestRequest = """{"model":"nano-banana-2","prompt":"A red kite over a lighthouse"}""";

    public TestEmulator(BananaEmulatorOptions? options = null, FakePause? pause = null)
    {
        Emulator = new BananaEmulator(options ?? Options(), () => Clock.Now, pause is null ? null : pause.WaitAsync);
        Client = new HttpClient { BaseAddress = Emulator.BaseUri };
        Client.DefaultRequestHeaders.Add("X-API-Key", ApiKey);
        Anonymous = new HttpClient { BaseAddress = Emulator.BaseUri };
    }

    public FakeClock Clock { get; } = new();

    public BananaEmulator Emulator { get; }

    public HttpClient Client { get; }

    public HttpClient Anonymous { get; }

    /// <summary>Returns options under which jobs take exactly 10 seconds.</summary>
    public static BananaEmulatorOptions Options(
        EmulatorRequestForm form = EmulatorRequestForm.Both, int credits = 1000, double failureRate = 0) => new()
        {
            ApiKey = ApiKey,
            GenerationTimeSec = 10,
            GenerationTimeSpread = 0,
            FailureRate = failureRate,
            RequestForm = form,
            Credits = credits,
        };

    /// <summary>Returns options under which jobs take exactly 10 seconds and each specified fault always occurs.</summary>
    public static BananaEmulatorOptions Faulty(double faultDurationSec, params string[] faults) => new()
    {
        ApiKey = ApiKey,
        GenerationTimeSec = 10,
        GenerationTimeSpread = 0,
        Faults = faults.ToDictionary(name => name, _ => 1.0),
        FaultDurationSec = faultDurationSec,
    };

    public async Task<HttpResponseMessage> PostAsync(
        string body, string? idempotencyKey = null, string mediaType = "application/json", string path = "/v2/images/generate")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> SubmitAsync(string body = SmallestRequest, string? idempotencyKey = null)
    {
        using var response = await PostAsync(body, idempotencyKey);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return Text(await JsonOf(response), "jobId");
    }

    public async Task<HttpResponseMessage> PostFormAsync(params (string Name, byte[] Content)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in fields)
        {
            form.Add(new ByteArrayContent(content), name, "picture.bin");
        }

        return await Client.PostAsync("/v2/uploads", form, TestContext.Current.CancellationToken);
    }

    public async Task<JsonNode> UploadAsync(byte[] file)
    {
        using var response = await PostFormAsync(("file", file));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await JsonOf(response);
    }

    public Task<string> SubmitWithAsync(string parameter, JsonNode value) =>
        SubmitAsync(new JsonObject
        {
            ["model"] = "nano-banana-2",
            ["prompt"] = "x",
            ["nanoBananaParams"] = new JsonObject { [parameter] = value },
        }.ToJsonString());

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path, TestContext.Current.CancellationToken);

    public async Task<JsonNode> GetJsonAsync(string path)
    {
        using var response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await JsonOf(response);
    }

    public async Task<JsonNode> JobAsync(string id) => await GetJsonAsync("/v2/jobs/" + id);

    /// <summary>Submits a job, lets it complete, and returns the address of its file.</summary>
    public async Task<string> CompletedFileAsync(string parameter, JsonNode value)
    {
        var id = await SubmitWithAsync(parameter, value);
        Clock.Advance(10);
        return (string)(await JobAsync(id))["result"]!["images"]![0]!;
    }

    public static async Task<JsonNode> JsonOf(HttpResponseMessage response)
    {
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    public static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string error)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(error, Text(await JsonOf(response), "error"));
    }

    /// <summary>Asserts that the response is a 400 with exactly these details.</summary>
    public static async Task AssertInvalidAsync(HttpResponseMessage response, params (string Path, string Text)[] expected)
    {
        await AssertErrorAsync(response, HttpStatusCode.BadRequest, "Validation failed");
        var details = (await JsonOf(response))["details"]!.AsObject();
        var actual = details.SelectMany(field => field.Value!.AsArray().Select(text => (field.Key, (string)text!)));
        Assert.Equal(expected.OrderBy(x => x), actual.OrderBy(x => x));
    }

    public static string Text(JsonNode json, string name) => (string)json[name]!;

    public static IReadOnlyList<string> Ids(JsonNode list) => list["jobs"]!.AsArray().Select(job => Text(job!, "id")).ToArray();

    public void Dispose()
    {
        Client.Dispose();
        Anonymous.Dispose();
        Emulator.Dispose();
    }
}
