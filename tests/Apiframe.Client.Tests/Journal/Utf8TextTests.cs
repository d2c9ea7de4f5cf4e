using Apiframe.Client.Journal;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class Utf8TextTests
{
    [Fact]
    public void Null_stays_null()
    {
        Utf8Text text = (string?)null;

        Assert.Equal((true, null, string.Empty), (text.IsNull, text.Value, text.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A kite")]
    [InlineData("Drachen über dem Meer, 凧")]
    public void A_text_is_returned_unchanged(string given)
    {
        Utf8Text text = given;

        Assert.Equal((false, given, given), (text.IsNull, text.Value, text.ToString()));
        Assert.Equal(given, Utf8Text.Of(text.Bytes).Value);
    }

    [Fact]
    public void Bytes_that_are_not_valid_UTF_8_are_null()
    {
        Assert.True(Utf8Text.Of([0xC3, 0x28]).IsNull);
        Assert.True(Utf8Text.Of([0x61, 0xFF]).IsNull);
        Assert.False(Utf8Text.Of([0x61, 0xC3, 0xA4]).IsNull);
    }

    [Theory]
    [InlineData("a", "A", true)]
    [InlineData("z", "Z", true)]
    [InlineData("7d1f0c52-azAZ", "7D1F0C52-AZaz", true)]
    [InlineData("a", "b", false)]
    [InlineData("@", "`", false)]
    [InlineData("[", "{", false)]
    [InlineData("_", "\u007F", false)]
    [InlineData("ä", "Ä", false)]
    [InlineData("a", "aa", false)]
    [InlineData("aa", "a", false)]
    [InlineData("", "a", false)]
    public void Texts_are_compared_regardless_of_the_case_of_ASCII_letters_and_of_no_other_characters(string one, string other, bool isEqual)
    {
        Utf8Text left = one;
        Utf8Text right = other;

        Assert.Equal(isEqual, Utf8Text.IgnoreCase.Equals(left, right));
        Assert.Equal(isEqual, Utf8Text.IgnoreCase.Equals(right, left));
    }

    [Theory]
    [InlineData("a", "A")]
    [InlineData("z", "Z")]
    [InlineData("7d1f0c52-azAZ", "7D1F0C52-AZaz")]
    public void Texts_that_differ_only_in_the_case_of_ASCII_letters_have_the_same_hash_code(string one, string other)
    {
        Utf8Text left = one;
        Utf8Text right = other;

        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.Equal(Utf8Text.IgnoreCase.GetHashCode(left), Utf8Text.IgnoreCase.GetHashCode(right));
    }
}
