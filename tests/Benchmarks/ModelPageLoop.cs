using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace Benchmarks;

/// <summary>
/// The example of the vendor's model page in C#: it submits, and then requests the status every 2 seconds until it is COMPLETED or FAILED, with one loop for
/// each job. Like the page, it has no retries, so every rejected request loses its image.
/// </summary>
internal static class ModelPageLoop
{
    public static async Task<string> RunAsync(Uri baseUrl, string key, int count, string folder)
    {
        Directory.CreateDirectory(folder);
        using var client = new HttpClient { BaseAddress = baseUrl };
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        using var downloads = new HttpClient();
        var late = new ConcurrentBag<double>();
        var longest = new ConcurrentBag<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(1, count).Select(i => Task.Run(() => OneAsync(i))));
        watch.Stop();

        using Process me = Process.GetCurrentProcess();
        return new JsonObject
        {
            ["wallSec"] = watch.Elapsed.TotalSeconds,
            ["slowestSec"] = longest.DefaultIfEmpty(0).Max(),
            ["delivered"] = late.Count,
            ["lateMs"] = new JsonArray([.. late.Select(ms => JsonValue.Create(ms))]),
            ["cpuSec"] = me.TotalProcessorTime.TotalSeconds,
            ["peakMB"] = me.PeakWorkingSet64 / 1048576.0,
        }.ToJsonString();

        async Task OneAsync(int i)
        {
            try
            {
                using HttpResponseMessage accepted = await client.PostAsJsonAsync(
                    "/v2/images/generate", new { model = "nano-banana-2", prompt = $"prompt {i}", nanoBananaParams = new { resolution = "512px" } });
                accepted.EnsureSuccessStatusCode();
                string id = (await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("jobId").GetString()!;
                while (true)
                {
                    await Task.Delay(2000);
                    JsonElement job = await client.GetFromJsonAsync<JsonElement>("/v2/jobs/" + id);
                    if (job.GetProperty("status").GetString() is "COMPLETED")
                    {
                        DateTimeOffset completed = job.GetProperty("completedAt").GetDateTimeOffset();
                        double delay = (DateTimeOffset.UtcNow - completed).TotalMilliseconds;
                        longest.Add((completed - job.GetProperty("createdAt").GetDateTimeOffset()).TotalSeconds);
                        byte[] image = await downloads.GetByteArrayAsync(job.GetProperty("result").GetProperty("images")[0].GetString());
                        await File.WriteAllBytesAsync(Path.Combine(folder, id + ".jpg"), image);
                        late.Add(delay);
                        return;
                    }
                }
            }
            catch (HttpRequestException)
            {
                // The image is lost, because the example has no retries.
            }
        }
    }
}
