using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Apiframe.Client.Connection;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class SecretMaskTests
{
    private const string Key = FakeService.Key;

    private static readonly SecretMask Mask = new(Key);

    public static TheoryData<string, string> Spellings
    {
        get
        {
            var spellings = new TheoryData<string, string>
            {
                { "plain", Key },
                { "upper case", Key.ToUpperInvariant() },
                { "without its beginning", Key[4..] },
                { "JSON escapes", Each("\\u{0:x4}") },
                { "upper-case JSON escapes", Each("\\u{0:X4}") },
                { "one JSON escape", "\\u0061" + Key[1..] },
                { "C escapes", Each("\\x{0:x2}") },
                { "percent", Each("%{0:X2}") },
                { "percent twice", Each("%25{0:x2}") },
                { "decimal entities", Each("&#{0};") },
                { "hexadecimal entities", Each("&#x{0:X};") },
                { "hexadecimal", Convert.ToHexStringLower(Bytes(Key)) },
                { "upper-case hexadecimal", Convert.ToHexString(Bytes(Key)) },
                { "hexadecimal with dashes", BitConverter.ToString(Bytes(Key)) },
                { "hexadecimal of UTF-16", Convert.ToHexStringLower(Encoding.Unicode.GetBytes(Key)) },
                { "hexadecimal behind half a byte", "f" + Convert.ToHexStringLower(Bytes(Key)) },
                { "UTF-16 read as UTF-8", Encoding.UTF8.GetString(Encoding.Unicode.GetBytes(Key)) },
                { "UTF-16 of the other order read as UTF-8", Encoding.UTF8.GetString(Encoding.BigEndianUnicode.GetBytes(Key)) },
                { "base64 of UTF-16", Convert.ToBase64String(Encoding.Unicode.GetBytes(Key)) },
                { "base64 of upper case", Convert.ToBase64String(Bytes(Key.ToUpperInvariant())) },
                { "base64 in lines", Convert.ToBase64String(Bytes(new string('x', 40) + Key), Base64FormattingOptions.InsertLineBreaks) },
                { "percent-encoded base64", WebUtility.UrlEncode(Convert.ToBase64String(Bytes(Key + "?"))) },
            };
            foreach (int alignment in Enumerable.Range(0, 3))
            {
                string base64 = Convert.ToBase64String(Bytes(new string('?', alignment) + Key + "?>"));
                spellings.Add($"base64, alignment {alignment}", base64);
                spellings.Add($"base64url, alignment {alignment}", base64.TrimEnd('=').Replace('+', '-').Replace('/', '_'));
            }

            return spellings;
        }
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void The_key_is_masked_in_every_encoding(string spelling, string text)
    {
        string masked = Mask.Apply($"Bad key '{text}', sorry.");

        // A few of the characters around the key can remain.
        Assert.True(Regex.IsMatch(masked, @"^Bad key '.{0,2}afk_\*\*\*.{0,2}', sorry\.$"), $"{spelling}: {masked}");
    }

    [Theory]
    [InlineData("https://cdn2.apiframe.ai/images/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90-1.png?X-Amz-Signature=fedcba98765432100123456789abcdeffedcba98765432100123456789abcdef")]
    [InlineData("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90")]
    [InlineData("100 % &amp; \\u00e4 %zz &#; \\u12 %")]
    [InlineData("eyJvcGFxdWUiOnRydWV9eyJvcGFxdWUiOnRydWV9eyJvcGFxdWUiOnRydWV9eyJvcGFxdWUiOnRydWV9")]
    [InlineData("\ud800 \udc00 🍌 Ünïcödé")]
    [InlineData("")]
    public void Text_without_a_key_stays_unchanged(string text) => Assert.Equal(text, Mask.Apply(text));

    [Fact]
    public void Every_occurrence_is_masked_and_the_text_between_stays()
    {
        string base64 = Convert.ToBase64String(Bytes(Key));

        Assert.Equal("a afk_*** b afk_*** c afk_*** d", Mask.Apply($"a {Key} b {base64} c {Each("%{0:x2}")} d"));
    }

    [Fact]
    public void Other_keys_are_masked_in_any_case_and_after_escapes()
    {
        Assert.Equal("afk_*** afk_*** afk_***", Mask.Apply("afk_other1 AFK_OTHER \\u0061fk_other"));
        Assert.Equal("afk_***", new SecretMask(null).Apply("afk_other1"));
    }

    [Fact]
    public void A_documented_key_prefix_is_kept_and_the_rest_is_masked()
    {
        Assert.Equal("afk_0123", Mask.ApplyToKeys("afk_0123"));
        Assert.Equal("afk_***", Mask.ApplyToKeys(Key));
        Assert.Equal("afk_***", Mask.ApplyToKeys(Key[..^1]));
        Assert.Equal("afk_***", Mask.ApplyToKeys("afk_0123456789abcdef"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("test")]
    [InlineData("e4b90")]
    public void A_key_that_is_too_short_is_not_masked(string key)
    {
        const string Url = "https://cdn.example.net/test/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90.png";

        Assert.Equal(Url, new SecretMask(key).Apply(Url));
    }

    [Fact]
    public void Masking_uses_memory_in_proportion_to_the_text()
    {
        string text = string.Concat(Enumerable.Repeat(new string('A', 200) + " %2541 ", 20_000));

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(text, Mask.Apply(text));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100L * text.Length);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Each(string format) => string.Concat(Key.Select(one => string.Format(CultureInfo.InvariantCulture, format, (int)one)));
}
