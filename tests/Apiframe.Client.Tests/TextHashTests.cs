using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class TextHashTests
{
    [Fact]
    public void Equal_texts_have_equal_hashes() => Assert.Equal(TextHash.Of("kite.png"), TextHash.Of(new string(['k', 'i', 't', 'e', '.', 'p', 'n', 'g'])));

    [Fact]
    public void Different_texts_have_different_hashes()
    {
        List<string> texts = [.. Enumerable.Range(0, 10_000).Select(i => $"kite {i}"), string.Empty, "\uD800", "\uDC00", "\uFFFD", "Kite 1"];

        Assert.Equal(texts.Count, texts.Select(TextHash.Of).Distinct().Count());
    }
}
