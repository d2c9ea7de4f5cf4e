using Apiframe.Client;
using Apiframe.NanoBanana.Submitting;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class ImageKeysTests
{
    private readonly ImageKeys _keys = new();

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void Equal_requests_without_key_and_scope_get_different_keys(string? scope) => Assert.NotEqual(Give("a kite", scope), Give("a kite", scope));

    [Fact]
    public void A_scope_gives_the_same_keys_in_the_next_call()
    {
        string[] first = [Give("a kite", "night"), Give("a kite", "night"), Give("a lighthouse", "night")];
        var again = new ImageKeys();
        string[] second = [Give(again, "a kite", "night"), Give(again, "a kite", " night "), Give(again, "a lighthouse", "night")];

        Assert.Equal(first, second);
        Assert.Distinct(first);
    }

    [Fact]
    public void Scopes_of_different_names_give_different_keys_in_one_call() => Assert.NotEqual(Give("a kite", "night"), Give("a kite", "day"));

    [Fact]
    public void The_own_key_of_an_image_takes_precedence_over_the_key_of_the_scope() =>
        Assert.Equal("own", _keys.Give(new SubmitRequest { Prompt = "a kite", IdempotencyKey = "own" }, "night").IdempotencyKey);

    [Fact]
    public void A_key_is_used_for_only_one_image_of_a_call()
    {
        Assert.True(_keys.TryTake(new SubmitRequest { Prompt = "a kite", IdempotencyKey = "own" }));
        Assert.False(_keys.TryTake(new SubmitRequest { Prompt = "a lighthouse", IdempotencyKey = "own" }));
    }

    [Fact]
    public void A_request_that_is_not_valid_uses_no_ordinal_of_its_scope()
    {
        Assert.Throws<ApiframeException>(() => _keys.Give(new SubmitRequest { Prompt = "" }, "night"));

        Assert.Equal(Give(new ImageKeys(), "a kite", "night"), Give("a kite", "night"));
    }

    private string Give(string prompt, string? scope) => Give(_keys, prompt, scope);

    private static string Give(ImageKeys keys, string prompt, string? scope) => keys.Give(new SubmitRequest { Prompt = prompt }, scope).IdempotencyKey!;
}
