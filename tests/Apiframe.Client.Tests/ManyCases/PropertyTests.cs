using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Apiframe.Client.Connection;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Transport.Wire;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Apiframe.Client.Tests.ManyCases;

/// <summary>Checks rules that hold for every input against thousands of random inputs.</summary>
public sealed class PropertyTests
{
    private static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(5000);

    [Fact]
    public void Every_prompt_and_ID_give_a_name_inside_the_folder_on_every_system() => Check((prompt, id) =>
    {
        string name = FileNames.BaseName(new BananaJob { JobId = id, Prompt = prompt }, 0);
        return name.Length > 0
            && Encoding.UTF8.GetByteCount(name) <= 130
            && name == FileNames.BaseName(new BananaJob { JobId = id, Prompt = prompt }, 0)
            && Path.GetFileName(Path.Combine("/folder", name + ".png")) == name + ".png"
            && !name.Any(sign => char.IsControl(sign) || "\\/:*?\"<>|.[]~$`'".Contains(sign))
            && name == name.Trim()
            && !new[] { "con", "prn", "aux", "nul", "com1", "lpt1" }.Contains(name);
    });

    [Fact]
    public void No_text_contains_a_key_after_masking() => Check((before, after) =>
    {
        var mask = new SecretMask(FakeService.Key);
        string masked = mask.Apply(before + FakeService.Key + after);
        return !masked.Contains(FakeService.Key, StringComparison.Ordinal)
            && masked == mask.Apply(masked)
            && !mask.Apply(before + "afk_other" + after).Contains("afk_other", StringComparison.Ordinal)
            && (before.Contains("afk_", StringComparison.OrdinalIgnoreCase) || mask.Apply(before) == before);
    });

    [Fact]
    public void Any_result_gives_only_web_addresses() => Check((a, b) =>
    {
        string json = JsonSerializer.Serialize(new object[]
        {
            a, b, new { url = a }, new { images = new object[] { b, 1, new { url = a } } }, new { imageUrl = a, url = "https://a.example/" + Uri.EscapeDataString(b) },
        });
        return JsonDocument.Parse(json).RootElement.EnumerateArray().Append(JsonDocument.Parse(json).RootElement)
            .SelectMany(result => ResultReader.ImageUrls(result))
            .All(url => url.IsAbsoluteUri && url.Scheme is "http" or "https");
    });

    [Fact]
    public void A_valid_request_is_written_with_its_values() => Check((prompt, ratio) =>
    {
        SubmitRequest request;
        try
        {
            request = new SubmitRequest { Prompt = prompt, AspectRatio = ratio }.Checked();
        }
        catch (ApiframeException e)
        {
            return e.Kind == ApiframeErrorKind.InvalidRequest;
        }

        JsonElement body = JsonDocument.Parse(RequestBody.Write(request, RequestForm.OpenApi)).RootElement;
        return body.GetProperty("prompt").GetString() == prompt;
    });

    private static void Check(Func<string, string, bool> rule) =>
        Prop.ForAll(Texts(), Texts(), rule).Check(Thousands);

    private static Arbitrary<string> Texts() => Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? string.Empty),
        Gen.Elements("CON", "..", "../../etc", "a/b", "a\\b", "NUL.txt", "🍌", "\ud800", "e\u0301", "İ", "ǅ", "\u202Ex", " ", "-", "http://", "https://a.example/x", "a\0b"),
        ArbMap.Default.GeneratorFor<UnicodeString>().Select(text => text.Item ?? string.Empty)).ToArbitrary();
}
