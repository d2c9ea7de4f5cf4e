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
    public void The_own_key_of_an_image_goes_before_the_key_of_the_scope()
    {
        Assert.True(_keys.TryGive(new SubmitRequest { Prompt = "a kite", IdempotencyKey = "own" }, "night", out SubmitRequest image));

        Assert.Equal("own", image.IdempotencyKey);
    }

    [Fact]
    public void A_key_is_not_given_to_a_second_image_of_the_call()
    {
        Assert.True(_keys.TryGive(new SubmitRequest { Prompt = "a kite", IdempotencyKey = "own" }, null, out _));
        Assert.False(_keys.TryGive(new SubmitRequest { Prompt = "a lighthouse", IdempotencyKey = "own" }, null, out SubmitRequest second));

        Assert.Equal("a lighthouse", second.Prompt);
    }

    [Fact]
    public void A_request_that_is_not_valid_uses_up_no_key()
    {
        Assert.Throws<ApiframeException>(() => _keys.TryGive(new SubmitRequest { Prompt = "", IdempotencyKey = "own" }, null, out _));

        Assert.True(_keys.TryGive(new SubmitRequest { Prompt = "a kite", IdempotencyKey = "own" }, null, out _));
    }

    private string Give(string prompt, string? scope) => Give(_keys, prompt, scope);

    private static string Give(ImageKeys keys, string prompt, string? scope)
    {
        Assert.True(keys.TryGive(new SubmitRequest { Prompt = prompt }, scope, out SubmitRequest image));
        return image.IdempotencyKey!;
    }
}
