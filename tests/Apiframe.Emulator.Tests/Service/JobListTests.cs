using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Apiframe.Emulator.Pictures;
using Apiframe.Emulator.Service;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class JobListTests : IDisposable
{
    private readonly TestEmulator _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task An_empty_list_is_one_empty_page()
    {
        var list = await _test.GetJsonAsync("/v2/jobs");

        Assert.Equal("""{"jobs":[],"nextCursor":null,"hasMore":false}""", list.ToJsonString());
    }

    [Fact]
    public async Task Lists_newest_first_by_time_and_id_twenty_to_a_page()
    {
        var ids = await SubmitAsync(25);

        var list = await _test.GetJsonAsync("/v2/jobs");

        Assert.Equal(Enumerable.Reverse(ids).Take(20), TestEmulator.Ids(list));
        Assert.Equal(ids.OrderByDescending(id => id, StringComparer.Ordinal).Take(20), TestEmulator.Ids(list));
        Assert.True((bool)list["hasMore"]!);
    }

    [Fact]
    public async Task Listed_jobs_have_all_fields_except_the_input()
    {
        await _test.SubmitAsync();

        var job = (await _test.GetJsonAsync("/v2/jobs"))["jobs"]![0]!.AsObject();

        Assert.Equal(
            ["id", "status", "model", "progress", "result", "error", "creditCost", "webhookStatus", "createdAt", "completedAt", "expired"],
            job.Select(member => member.Key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task Pages_contain_each_job_once_although_new_jobs_are_submitted(int limit)
    {
        var ids = await SubmitAsync(20);
        var seen = new List<string>();
        var cursor = string.Empty;

        while (true)
        {
            var page = await _test.GetJsonAsync($"/v2/jobs?limit={limit}{cursor}");
            await _test.SubmitAsync();
            seen.AddRange(TestEmulator.Ids(page));
            Assert.Equal((bool)page["hasMore"]!, page["nextCursor"] is not null);
            if (!(bool)page["hasMore"]!)
            {
                break;
            }

            cursor = "&cursor=" + Uri.EscapeDataString(TestEmulator.Text(page, "nextCursor"));
        }

        Assert.Equal(Enumerable.Reverse(ids), seen);
    }

    [Fact]
    public async Task Filters_by_the_status_at_the_time_of_the_request()
    {
        var done = await _test.SubmitAsync();
        _test.Clock.Advance(9);
        var queued = await _test.SubmitAsync();
        _test.Clock.Advance(1);
        var waiting = await _test.SubmitAsync();

        Assert.Equal([done], await IdsAsync("?status=COMPLETED"));
        Assert.Equal([queued], await IdsAsync("?status=PROCESSING"));
        Assert.Equal([waiting], await IdsAsync("?status=QUEUED"));
        Assert.Empty(await IdsAsync("?status=FAILED"));
        Assert.Empty(await IdsAsync("?status=CANCELLED"));
    }

    [Fact]
    public async Task Filters_by_model_and_pages_through_the_matching_jobs()
    {
        var wanted = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            await _test.SubmitAsync();
            wanted.Insert(0, await _test.SubmitAsync("""{"model":"nano-banana","prompt":"x"}"""));
        }

        var page = await _test.GetJsonAsync("/v2/jobs?model=nano-banana&limit=4");
        var rest = await _test.GetJsonAsync($"/v2/jobs?model=nano-banana&limit=2&cursor={TestEmulator.Text(page, "nextCursor")}");

        Assert.Equal(wanted, [.. TestEmulator.Ids(page), .. TestEmulator.Ids(rest)]);
        Assert.False((bool)rest["hasMore"]!);
        Assert.Empty(await IdsAsync("?model=Nano-Banana"));
    }

    [Fact]
    public async Task Searches_by_id_within_the_other_filters()
    {
        var ids = await SubmitAsync(3);

        Assert.Equal([ids[1]], await IdsAsync("?search=" + ids[1]));
        Assert.Empty(await IdsAsync("?search=7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90"));
        Assert.Empty(await IdsAsync($"?search={ids[1]}&status=FAILED"));
    }

    [Theory]
    [InlineData("user")]
    [InlineData("team")]
    public async Task An_owner_sees_the_jobs_in_either_scope(string scope)
    {
        var ids = await SubmitAsync(1);

        Assert.Equal(ids, await IdsAsync("?scope=" + scope));
    }

    [Fact]
    public async Task Returns_the_models_in_use_on_request()
    {
        await SubmitAsync(2);
        await _test.SubmitAsync("""{"model":"nano-banana","prompt":"x"}""");

        var list = await _test.GetJsonAsync("/v2/jobs?include_models=true&limit=1");

        Assert.Equal(["nano-banana", "nano-banana-2"], list["models"]!.AsArray().Select(model => (string)model!));
        Assert.Null((await _test.GetJsonAsync("/v2/jobs?include_models=false"))["models"]);
    }

    [Theory]
    [InlineData("status", "completed", "Not an allowed value")]
    [InlineData("limit", "0", "Must be a whole number from 1 to 100")]
    [InlineData("limit", "101", "Must be a whole number from 1 to 100")]
    [InlineData("limit", "ten", "Must be a whole number from 1 to 100")]
    [InlineData("cursor", "x", "Invalid cursor")]
    [InlineData("cursor", "!!", "Invalid cursor")]
    [InlineData("cursor", "AAAAAAAAAAAAAAAAAAAAAA", "Invalid cursor")]
    [InlineData("scope", "world", "Not an allowed value")]
    [InlineData("search", "12", "Must be a UUID")]
    [InlineData("include_models", "1", "Not an allowed value")]
    public async Task Rejects_values_that_are_not_valid(string name, string value, string text)
    {
        using var response = await _test.GetAsync($"/v2/jobs?{name}={Uri.EscapeDataString(value)}");

        await TestEmulator.AssertInvalidAsync(response, (name, text));
    }

    [Fact]
    public async Task The_order_of_jobs_is_kept_when_the_clock_is_set_back()
    {
        var first = await _test.SubmitAsync();
        _test.Clock.Advance(-60);
        var second = await _test.SubmitAsync();

        var list = await _test.GetJsonAsync("/v2/jobs");

        Assert.Equal([second, first], TestEmulator.Ids(list));
        Assert.Equal(TestEmulator.Text(list["jobs"]![1]!, "createdAt"), TestEmulator.Text(list["jobs"]![0]!, "createdAt"));
    }

    [Fact]
    public void Stores_ten_thousand_jobs()
    {
        var store = new JobStore(new JobPlanner(10, 0, 0, 0), credits: 1_000_000, new SubmissionRules(0, TimeSpan.FromHours(24)), () => _test.Clock.Now);
        using var body = JsonDocument.Parse(TestEmulator.SmallestRequest);
        var request = new JobRequest(body.RootElement, fingerprint: "", GenerateSchema.Params);
        var draft = new Draft(Cost: 5, "jpg", seed => new Scene(seed, PictureSize.For(null, null)));
        var jobs = Enumerable.Range(0, 10_000).Select(_ => store.Submit(request, null, draft).Job!).ToArray();

        Assert.Equal(jobs.Take(5000).Reverse(), store.NewestFirst(before: jobs[5000]));
        Assert.Equal(jobs.Reverse(), store.NewestFirst());
        Assert.Equal(jobs.Select(job => job.Id), jobs.OrderBy(job => job.Id.ToString("D"), StringComparer.Ordinal).Select(job => job.Id));
    }

    private async Task<string[]> SubmitAsync(int count)
    {
        var ids = new string[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = await _test.SubmitAsync();
        }

        return ids;
    }

    private async Task<IReadOnlyList<string>> IdsAsync(string query) => TestEmulator.Ids(await _test.GetJsonAsync("/v2/jobs" + query));
}
