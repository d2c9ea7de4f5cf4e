using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using Apiframe.Client;
using Xunit;

namespace Apiframe.Gallery.Tests;

public sealed class GalleryPageTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4, 5];
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Theory]
    [InlineData("</script><script>alert(1)</script>", "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onload='x' & co", "&quot; onload=&#39;x&#39; &amp; co")]
    [InlineData("a\0b\u001Bc\u007Fd\u0085e", "a␀b␛c␡d\uFFFDe")]
    [InlineData("crème 漢 🍌\n\tx", "crème 漢 🍌\n\tx")]
    public void Text_on_a_page_is_never_markup(string text, string html) => Assert.Equal(html, Html.Text(text));

    /// <summary>This is not in the data of the test above, because an attribute cannot contain half of a surrogate pair.</summary>
    [Fact]
    public void Half_of_a_surrogate_pair_is_replaced() => Assert.Equal("a\uFFFDb\uFFFDc\uFFFD", Html.Text("a\uD800b\uDC00c\uFFFF"));

    [Fact]
    public void A_hostile_prompt_adds_no_tag_to_the_page()
    {
        const string Hostile = "</h3></title></style></script><img src=x onerror=alert(1)>\" ' <!-- ]]> \u202Egpj.exe\0";
        string hostile = Page([Failed("1", Hostile, reason: Hostile), GalleryItem.WithoutJob(new SubmitRequest { Prompt = Hostile, Model = Hostile }, Hostile)], Hostile);
        string harmless = Page([Failed("1", "x", reason: "x"), GalleryItem.WithoutJob(new SubmitRequest { Prompt = "x", Model = "x" }, "x")], "x");

        Assert.Equal(Tags(harmless), Tags(hostile));
        Assert.DoesNotContain('\0', hostile);
        // A mark that changes the direction of text has no effect after the element that contains it.
        Assert.Equal(Regex.Count(hostile, "\u202E"), Regex.Count(hostile, "(dir=\"auto\">|id=\"p\\d\" dir=\"auto\">|<title>)[^<]*\u202E"));
    }

    [Fact]
    public void The_page_allows_its_own_style_and_script_and_nothing_else()
    {
        string page = Page([Saved("kite.png")]);

        foreach (string tag in new[] { "style", "script" })
        {
            string content = Regex.Match(page, $"<{tag}>(.*?)</{tag}>", RegexOptions.Singleline).Groups[1].Value;
            Assert.Contains($"{tag}-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'", page);
        }

        Assert.Contains("default-src 'none'", page);
        Assert.DoesNotContain("unsafe", page);
        Assert.DoesNotMatch("""(src|href)="?(https?:)?//""", page);
        Assert.DoesNotMatch("@import|url\\(", page);
        Assert.DoesNotMatch(""" style="| on\w+=""", page);
    }

    [Fact]
    public void Small_images_are_part_of_the_page()
    {
        string page = Page([Saved("kite.png")], embedLimit: Png.Length);

        Assert.Contains($"src=\"data:image/png;base64,{Convert.ToBase64String(Png)}\"", page);
        Assert.Contains("img-src data:;", page);
        Assert.Contains("<a class=\"frame\" href=\"#n1\">", page);
    }

    [Fact]
    public void An_image_that_is_read_in_pieces_is_one_Base64_text()
    {
        byte[] large = [.. Png, .. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        File.WriteAllBytes(Path.Combine(_folder, "large.png"), large);

        string page = Page([GalleryItem.Image(new FileInfo(Path.Combine(_folder, "large.png")))], embedLimit: long.MaxValue);

        Assert.Contains($"base64,{Convert.ToBase64String(large)}\"", page);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void Images_that_are_too_large_together_are_linked(long embedLimit)
    {
        string page = Page([Saved("a b#c%.png"), Saved("sub/kite.png")], embedLimit: embedLimit);

        Assert.Contains("""<a class="frame" href="a%20b%23c%25.png"><img src="a%20b%23c%25.png" """, page);
        Assert.Contains("""href="sub/kite.png" """.TrimEnd(), page);
        Assert.DoesNotContain("base64", Regex.Replace(page, "<(meta|style|script).*?>", ""));
        Assert.Contains("img-src data: file: 'self'", page);
    }

    [Theory]
    [InlineData("/a/b", "/a/b/c.png", "c.png")]
    [InlineData("/a/b/", "/a/b/c.png", "c.png")]
    [InlineData("/a/b/c", "/a/x/y.png", "../../x/y.png")]
    [InlineData("/", "/x.png", "x.png")]
    [InlineData("/a", "/a/日本:\".png", "%E6%97%A5%E6%9C%AC%3A%22.png")]
    public void A_link_is_relative_to_the_folder_of_the_page(string folder, string file, string url) => Assert.Equal(url, RelativeUrl.Of(folder, file));

    [Fact]
    public void An_item_shows_the_properties_of_its_job()
    {
        BananaJob job = Job("1", "a kite", cost: 7.5m, seconds: 83.2, references: ["https://a.example/1.png"]);
        string page = Page([GalleryItem.Image(NewFile("kite.png"), job)]);

        foreach (string part in new[]
        {
            "alt=\"a kite\"", ">a kite</h3>", ">nano-banana-2<", ">2K<", ">16:9<", ">png<", ">1 reference<", ">web search<", ">7.5 credits<", ">1 min 23 s<",
            "<time datetime=\"2026-11-20T12:00:00Z\">20 Nov 2026, 12:00</time>", "<dt>Job</dt><dd dir=\"auto\">1</dd>", "<dd dir=\"auto\">kite.png</dd>",
            "<dd dir=\"auto\">1 KB</dd>", "<dd dir=\"auto\">20 Nov 2026, 12:01:23 UTC</dd>", "<dd dir=\"auto\">https://a.example/1.png</dd>",
            "data-status=\"COMPLETED\"", "data-cost=\"7.5\"", "data-seconds=\"83.2\"",
        })
        {
            Assert.Contains(part, page);
        }
    }

    [Fact]
    public void Signatures_and_passwords_of_addresses_are_not_in_the_page()
    {
        const string Signed = "https://user:word@a.example/1.png?sig=0123";
        string page = Page([
            GalleryItem.Image(NewFile("kite.png"), Job("1", "a kite", references: [Signed])),
            GalleryItem.WithoutJob(new SubmitRequest { Prompt = "b", ReferenceImage = [Signed] }, $"not found: {Signed}"),
            Failed("2", "c", reason: $"not found: {Signed}")]);

        Assert.Contains("<dd dir=\"auto\">https://***@a.example/1.png?***</dd>", page);
        Assert.Contains(">not found: https://***@a.example/1.png?***<", page);
        Assert.DoesNotContain("user:word", page);
        Assert.DoesNotContain("sig=", page);
    }

    [Fact]
    public void A_failed_job_is_shown_with_its_reason()
    {
        string page = Page([
            Failed("1", "a", reason: "declined"),
            GalleryItem.WithoutImage(Job("2", "b", JobStatus.Processing), "waited too long"),
            GalleryItem.WithoutImage(Job("3", "c")),
            GalleryItem.WithoutImage(new BananaJob { JobId = "4" }, "not known"),
            GalleryItem.WithoutJob(new SubmitRequest { Prompt = "d" }, "no credits"),
            GalleryItem.WithoutImage(Job("5", "e", "NEW_ONE"))]);

        foreach ((string label, string reason) in new[] { ("failed", "declined"), ("processing", "waited too long"), ("not made", "not known"), ("not made", "no credits") })
        {
            Assert.Contains($"<p class=\"state\">{label}</p><p class=\"reason\" dir=\"auto\">{reason}</p>", page);
        }

        Assert.Contains("<p class=\"state\">not saved</p></div>", page);
        Assert.Contains("<p class=\"state\">new one</p></div>", page);
        Assert.Equal((3, 3), (Regex.Count(page, "class=\"frame lost\""), Regex.Count(page, "class=\"frame bare\"")));
        Assert.Contains("<option value=\"ERROR\">Not made (2)</option>", page);
        Assert.Contains("<b>0</b> images", page);
    }

    [Fact]
    public void A_prompt_without_other_properties_has_a_heading() =>
        Assert.Contains(">No prompt</h3>", Page([GalleryItem.WithoutJob(new SubmitRequest { Prompt = " " }, "empty")]));

    [Fact]
    public void The_heading_has_the_number_of_images_the_credits_and_the_time()
    {
        string page = Page([
            GalleryItem.Image(NewFile("1.png"), Job("1", "a", cost: 1500)),
            GalleryItem.Image(NewFile("1-2.png"), Job("1", "a", cost: 1500)),
            GalleryItem.Image(NewFile("2.png"), Job("2", "a", cost: 5, minutes: 4)),
            Failed("3", "a", "declined")]);

        Assert.Contains("<b>3</b> images", page);
        Assert.Contains("<li class=\"lost\"><b>1</b> failed</li>", page);
        Assert.Contains("<b>1,505</b> credits", page);
        Assert.Contains("20 Nov 2026, 12:00</time> to <time datetime=\"2026-11-20T12:04:00Z\">12:04 UTC</time>", page);
    }

    [Fact]
    public void The_heading_has_the_number_of_known_costs_if_one_is_missing()
    {
        string page = Page([
            GalleryItem.Image(NewFile("1.png"), Job("1", "a", cost: 10)),
            GalleryItem.Image(NewFile("2.png"), Job("2", "a")),
            GalleryItem.Image(NewFile("2-2.png"), Job("2", "a")),
            GalleryItem.Image(NewFile("3.png")),
            GalleryItem.Image(NewFile("4.png")),
            Failed("5", "a", "declined")]);

        Assert.Contains("<b>10</b> credits (the cost of 1 of 4 jobs is known)</li>", page);
    }

    [Fact]
    public void The_newest_items_are_first_and_each_item_occurs_once()
    {
        var items = new GalleryItems();
        BananaJob kite = Job("1", "kite", minutes: 1);
        items.Add(GalleryItem.WithoutImage(kite));
        items.Add(GalleryItem.Image(NewFile("kite.png")));
        items.Add(GalleryItem.Image(NewFile("kite.png"), kite));
        items.Add(GalleryItem.Image(NewFile("kite.png")));
        items.Add(GalleryItem.WithoutJob(new SubmitRequest { Prompt = "refused" }, "why"));
        items.Add(Failed("2", "failed", "declined"));
        items.Add(GalleryItem.WithoutImage(Job("2", "failed", JobStatus.Queued)));
        items.Add(GalleryItem.WithoutImage(Job("3", "late", JobStatus.Processing, minutes: 2)));
        items.Add(GalleryItem.WithoutImage(Job("3", "late", JobStatus.Processing, minutes: 2), "time-out"));

        Assert.Equal(["late", "kite", "failed", "refused"], items.NewestFirst().Select(item => item.Prompt));
        Assert.Equal(["time-out", null, "declined", "why"], items.NewestFirst().Select(item => item.Reason));
    }

    [Fact]
    public void An_image_without_a_job_has_the_name_and_time_of_its_file()
    {
        GalleryItem unknown = Saved("unknown.png");
        Assert.Equal(("unknown.png", JobStatus.Completed, null), (unknown.Name, unknown.Status, unknown.Duration));
        Assert.NotNull(unknown.Time);
    }

    [Fact]
    public void An_unreadable_image_or_a_cancellation_ends_the_writing()
    {
        GalleryItem gone = Saved("gone.png");
        var page = new GalleryPage([Saved("kite.png"), gone], "x", _folder, embedLimit: 1000);
        File.Delete(gone.File!.FullName);

        Assert.Throws<FileNotFoundException>(() => page.Write(TextWriter.Null, Token));
        Assert.Throws<OperationCanceledException>(() => page.Write(TextWriter.Null, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    public void The_page_is_the_same_in_every_culture(string culture)
    {
        IReadOnlyList<GalleryItem> items = [GalleryItem.Image(NewFile("1.png"), Job("1", "a", cost: 1500.5m, seconds: 1.5)), Failed("2", "İ I", "x")];
        string page = Page(items);
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo(culture);
            Assert.Equal(page, Page(items));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Page(IReadOnlyList<GalleryItem> items, string title = "Kites", long embedLimit = 0)
    {
        using var html = new StringWriter { NewLine = "\n" };
        new GalleryPage(items, title, _folder, embedLimit).Write(html);
        return html.ToString();
    }

    private static string[] Tags(string page) => [.. Regex.Matches(page, "<[^>]*?(?=[ >])").Select(tag => tag.Value)];

    private GalleryItem Saved(string name) => GalleryItem.Image(NewFile(name));

    private FileInfo NewFile(string name)
    {
        var file = new FileInfo(Path.Combine(_folder, name));
        file.Directory!.Create();
        File.WriteAllBytes(file.FullName, Png);
        return file;
    }

    private static GalleryItem Failed(string id, string prompt, string reason) => GalleryItem.WithoutImage(Job(id, prompt, JobStatus.Failed), reason);

    private static BananaJob Job(
        string id, string prompt, string status = JobStatus.Completed, decimal? cost = null, double seconds = 0, double minutes = 0, string[]? references = null) => new()
    {
        JobId = id,
        Status = status,
        Prompt = prompt,
        Options = new()
        {
            Model = "nano-banana-2", Resolution = "2K", AspectRatio = "16:9", OutputFormat = "png", ReferenceImage = references ?? [],
            GoogleSearch = references is not null,
        },
        CreditCost = cost,
        CreatedAt = Noon.AddMinutes(minutes),
        CompletedAt = Noon.AddMinutes(minutes).AddSeconds(seconds),
    };
}
