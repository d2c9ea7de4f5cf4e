using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;

namespace Benchmarks;

/// <summary>Measures the throughput of the emulator with a client that only sends requests. No other measurement can exceed it.</summary>
internal static class Ceiling
{
    private const int Connections = 32;
    private const int RequestsEach = 500;

    public static async Task<string> MeasureAsync(Uri baseUrl, string key)
    {
        using var client = new HttpClient { BaseAddress = baseUrl };
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        await AskAsync();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(AskAsync)));
        double perSecond = Connections * RequestsEach / watch.Elapsed.TotalSeconds;
        return Math.Round(perSecond).ToString(CultureInfo.InvariantCulture);

        async Task AskAsync()
        {
            for (int i = 0; i < RequestsEach; i++)
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri("/v2/jobs?limit=1", UriKind.Relative));
                answer.EnsureSuccessStatusCode();
            }
        }
    }
}
