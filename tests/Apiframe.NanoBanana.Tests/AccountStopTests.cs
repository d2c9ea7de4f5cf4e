using System.Linq;
using System.Threading.Tasks;
using Apiframe.Client;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class AccountStopTests
{
    private static readonly ApiframeConnection One = Connection();
    private static readonly ApiframeConnection Other = Connection();

    private readonly AccountStop _stop = new();

    [Theory]
    [InlineData(ApiframeErrorKind.Authentication)]
    [InlineData(ApiframeErrorKind.InsufficientCredits)]
    [InlineData(ApiframeErrorKind.Forbidden)]
    [InlineData(ApiframeErrorKind.MissingApiKey)]
    [InlineData(ApiframeErrorKind.RateLimited)]
    [InlineData(ApiframeErrorKind.JournalNotWritable)]
    public async Task After_a_rejection_of_the_account_later_requests_are_kept_back(ApiframeErrorKind kind)
    {
        Assert.False(_stop.TryKeep(One, "before"));
        await RefuseAsync(One, kind);

        Assert.True(_stop.TryKeep(One, "after"));
        Assert.Equal(["after"], _stop.Kept.Single().Targets);
    }

    [Theory]
    [InlineData(ApiframeErrorKind.InvalidRequest)]
    [InlineData(ApiframeErrorKind.Gateway)]
    [InlineData(ApiframeErrorKind.ServiceUnavailable)]
    [InlineData(ApiframeErrorKind.Conflict)]
    public async Task A_rejection_of_one_request_keeps_nothing_back(ApiframeErrorKind kind)
    {
        await RefuseAsync(One, kind);

        Assert.False(_stop.TryKeep(One, "after"));
    }

    [Fact]
    public async Task A_rejection_of_one_account_does_not_affect_another()
    {
        await RefuseAsync(One, ApiframeErrorKind.InsufficientCredits);

        Assert.False(_stop.TryKeep(Other, "theirs"));
    }

    [Fact]
    public async Task A_rate_limit_keeps_nothing_back_if_another_request_was_accepted_meanwhile()
    {
        await Assert.ThrowsAsync<ApiframeException>(() => _stop.FollowAsync<string>(One, async () =>
        {
            await _stop.FollowAsync(One, () => Task.FromResult("accepted"));
            throw new ApiframeException(ApiframeErrorKind.RateLimited, "Too many requests.");
        }));

        Assert.False(_stop.TryKeep(One, "after"));
    }

    private Task<ApiframeException> RefuseAsync(ApiframeConnection connection, ApiframeErrorKind kind) =>
        Assert.ThrowsAsync<ApiframeException>(() => _stop.FollowAsync<string>(connection, () => throw new ApiframeException(kind, "Refused.")));

    private static ApiframeConnection Connection() => new(new ApiframeConnectionOptions { ApiKey = "afk_0123456789abcdef0123456789abcdef01234567" });
}
