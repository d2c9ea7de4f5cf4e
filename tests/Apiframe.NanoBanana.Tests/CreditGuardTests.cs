using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

/// <summary>Tests the guard against an emulator with 20 credits, where each image costs 8 credits.</summary>
public sealed class CreditGuardTests : IDisposable
{
    private const string Key = "afk_test_0123456789abcdef";

    private readonly BananaEmulator _emulator = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = Key, GenerationTimeSec = 3600, CreditCost = 8, Credits = 20 });
    private readonly List<string> _warnings = [];
    private readonly ApiframeClient _client;

    public CreditGuardTests() => _client = Connect();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public void The_prices_are_requested_when_a_call_with_a_limit_begins_and_not_again()
    {
        CreditGuard guard = Guard(20);
        guard.Begin(_client);
        Assert.Equal(1, _emulator.Counts.Requests);

        Assert.True(guard.TryAdmit(_client, Image("a"), out _));
        Assert.Equal(1, _emulator.Counts.Requests);
    }

    [Fact]
    public void A_call_without_a_limit_requests_nothing_before_its_second_image()
    {
        CreditGuard guard = Guard(null);
        guard.Begin(_client);
        Assert.True(guard.TryAdmit(_client, Image("a"), out CreditPrice? committed));

        Assert.Null(committed);
        Assert.Equal(0, _emulator.Counts.Requests);
    }

    [Fact]
    public void Images_are_admitted_until_the_next_may_cost_more_than_is_left()
    {
        CreditGuard guard = Guard(20);

        Assert.Equal([true, true, false], new[] { "a", "b", "c" }.Select(prompt => guard.TryAdmit(_client, Image(prompt), out _)));
        Assert.Equal((2, 16m), (guard.Admitted, guard.Committed));
        Assert.Equal(["c"], guard.Unaffordable.Select(image => image.Prompt));
    }

    [Fact]
    public async Task The_credits_of_a_rejected_image_are_available_for_another()
    {
        CreditGuard guard = Guard(8);
        Assert.True(guard.TryAdmit(_client, Image("a"), out CreditPrice? committed));
        await Assert.ThrowsAsync<ApiframeException>(() => guard.FollowAsync(_client, committed, Task.FromException<BananaJob>(ApiframeException.NotSent("Refused."))));

        Assert.True(guard.TryAdmit(_client, Image("b"), out _));
    }

    [Fact]
    public async Task The_credits_of_an_image_that_may_have_been_accepted_stay_reserved()
    {
        CreditGuard guard = Guard(8);
        Assert.True(guard.TryAdmit(_client, Image("a"), out CreditPrice? committed));
        ApiframeException unknown = ApiframeException.NotSent("No answer.", ApiframeErrorKind.SubmissionUnknown);
        await Assert.ThrowsAsync<ApiframeException>(() => guard.FollowAsync(_client, committed, Task.FromException<BananaJob>(unknown)));

        Assert.False(guard.TryAdmit(_client, Image("b"), out _));
    }

    [Fact]
    public void A_model_without_a_price_is_not_admitted_under_a_limit()
    {
        ApiframeException refused = Assert.Throws<ApiframeException>(() => Guard(20).TryAdmit(_client, Image("a", "no-such-model"), out _));

        Assert.Contains("no valid price for model 'no-such-model'", refused.Message);
    }

    [Fact]
    public void A_balance_that_may_not_cover_the_next_image_causes_one_warning()
    {
        CreditGuard guard = Guard(null);
        // The first image does not reduce the balance, because this test does not submit it.
        foreach (string prompt in new[] { "first", "a", "b", "c", "d" })
        {
            Assert.True(guard.TryAdmit(_client, Image(prompt), out _));
        }

        Assert.Contains("has 4 credits left", Assert.Single(_warnings));
        Assert.Contains("the prompt 'c' and the prompts after it.", _warnings[0]);
        Assert.Equal(2, _emulator.Counts.Requests);
    }

    [Fact]
    public void Each_client_has_its_own_balance()
    {
        CreditGuard guard = Guard(null);
        ApiframeClient other = Connect();
        foreach (ApiframeClient client in new[] { _client, _client, _client, other, other })
        {
            Assert.True(guard.TryAdmit(client, Image("a"), out _));
        }

        Assert.Empty(_warnings);
    }

    private static SubmitRequest Image(string prompt, string? model = null) => new SubmitRequest { Prompt = prompt, Model = model }.Checked();

    private ApiframeClient Connect() => new(new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = Key, BaseUri = _emulator.BaseUri }));

    private CreditGuard Guard(decimal? maximum) => new(maximum, work => Task.Run(work, Token).GetAwaiter().GetResult(), () => { }, _warnings.Add, _ => { }, Token);
}
