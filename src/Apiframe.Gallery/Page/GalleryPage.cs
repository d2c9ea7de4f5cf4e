using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Apiframe.Client;

namespace Apiframe.Gallery;

/// <summary>
/// The gallery as one HTML page. All content is in the page without JavaScript. <c>gallery.js</c> adds filters, sorting, the large view, and copying.
/// </summary>
/// <remarks>
/// The page requests nothing from the network. Its content security policy allows only its own style and script, by their hashes, and images in the page itself
/// or relative to its address.
/// </remarks>
public sealed class GalleryPage
{
    /// <summary>The number of bytes that are encoded at a time. It is divisible by 3, so that the pieces of an image form one Base64 text.</summary>
    private const int EmbedBytes = 48 * 1024;

    /// <summary>
    /// The number of images that are loaded with the page, so that the visible part is complete. The other images are loaded when the user scrolls to them.
    /// </summary>
    private const int FirstScreen = 20;

    private static readonly string Style = Resource("gallery.css");
    private static readonly string Script = Resource("gallery.js");

    private readonly IReadOnlyList<GalleryItem> _items;
    private readonly string _title;
    private readonly string _folder;
    private readonly bool _embed;

    /// <summary>Creates a page.</summary>
    /// <param name="items">The items, in the order of the page without JavaScript.</param>
    /// <param name="title">The heading of the page.</param>
    /// <param name="folder">The folder of the page, which links to images are relative to.</param>
    /// <param name="embedLimit">The maximum total size of the images in bytes for embedding them in the page. Above it, the page links to the images.</param>
    public GalleryPage(IReadOnlyList<GalleryItem> items, string title, string folder, long embedLimit)
    {
        _items = items;
        _title = title;
        _folder = folder;
        _embed = embedLimit > 0 && items.Sum(item => item.File?.Length ?? 0) <= embedLimit;
    }

    /// <summary>The content security policy. It allows no requests to a network.</summary>
    private string Policy =>
        $"default-src 'none'; img-src data:{(_embed ? string.Empty : " file: 'self'")}; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; "
        + "base-uri 'none'; form-action 'none'";

    /// <summary>Writes the page. Only a piece of one image is in memory at a time.</summary>
    /// <param name="html">Receives the page. With \n as line end, the page is the same on every system.</param>
    /// <param name="cancellationToken">Cancels before the next item.</param>
    /// <exception cref="IOException">An embedded image cannot be read, or the page cannot be written.</exception>
    public void Write(TextWriter html, CancellationToken cancellationToken = default)
    {
        WriteHead(html);
        WriteHeader(html);
        WriteTools(html);
        html.Write("<main>\n<h2 class=\"unseen\">Images</h2>\n<ul class=\"sheet\" role=\"list\">\n");
        for (int i = 0; i < _items.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteCard(html, _items[i], number: _items.Count - i);
        }

        html.Write("</ul>\n<p class=\"nothing\" hidden>No items match the search. <button type=\"button\" class=\"reset\">Show all</button></p>\n</main>\n");
        WriteViewer(html);
        html.Write($"<script>{Script}</script>\n</body>\n</html>\n");
    }

    private void WriteHead(TextWriter html) => html.Write($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="Apiframe.NanoBanana">
        <title>{Html.Text(_title)}</title>
        <link rel="icon" href="data:,">
        <style>{Style}</style>
        </head>

        """.Replace("\r\n", "\n"));

    private void WriteHeader(TextWriter html)
    {
        html.Write($"<body>\n<header>\n<h1 dir=\"auto\">{Html.Text(_title)}</h1>\n<ul class=\"summary\" role=\"list\">\n");
        WriteFigure(html, _items.Count(item => item.File is not null), "image", "images");
        foreach ((string status, int count) in Statuses().Where(entry => entry.Status != JobStatus.Completed))
        {
            WriteFigure(html, count, GalleryText.Status(status), GalleryText.Status(status), GalleryItem.IsLost(status) ? " class=\"lost\"" : string.Empty);
        }

        // A job with several images is billed once.
        decimal[] costs = _items.Where(item => item.Job?.CreditCost is not null)
            .GroupBy(item => item.Job!.JobId).Select(job => job.First().Job!.CreditCost!.Value).ToArray();
        if (costs.Length > 0)
        {
            int unknown = _items.Where(item => item.File is not null && item.Job?.CreditCost is null)
                .Select(item => (object?)item.Job?.JobId ?? item).Distinct().Count();
            string known = unknown == 0 ? string.Empty : $" (the cost of {GalleryText.Number(costs.Length)} of {GalleryText.Number(costs.Length + unknown)} jobs is known)";
            WriteFigure(html, costs.Sum(), "credit" + known, "credits" + known);
        }

        DateTimeOffset[] times = _items.Select(item => item.Time).OfType<DateTimeOffset>().ToArray();
        if (times.Length > 0)
        {
            html.Write($"<li class=\"period\">{GalleryText.Period(times.Min(), times.Max())}</li>\n");
        }

        html.Write("</ul>\n</header>\n");
    }

    private static void WriteFigure(TextWriter html, decimal figure, string one, string many, string attributes = "") =>
        html.Write($"<li{attributes}><b>{GalleryText.Number(figure)}</b> {Html.Text(figure == 1 ? one : many)}</li>\n");

    private void WriteTools(TextWriter html)
    {
        html.Write("""
            <div class="tools" role="search" aria-label="Images" hidden>
            <label class="find"><span>Search</span> <input type="search" id="q" autocomplete="off" spellcheck="false" placeholder="Prompt, model, or file name"></label>
            <label><span>Status</span> <select id="status">
            <option value="">All</option>

            """.Replace("\r\n", "\n"));
        foreach ((string status, int count) in Statuses())
        {
            string label = GalleryText.Status(status);
            html.Write($"<option value=\"{Html.Text(status)}\">{Html.Text(char.ToUpperInvariant(label[0]) + label.Substring(1))} ({count})</option>\n");
        }

        html.Write("""
            </select></label>
            <label><span>Sort by</span> <select id="sort">
            <option value="newest">Newest first</option>
            <option value="oldest">Oldest first</option>
            <option value="prompt">Prompt, A to Z</option>
            <option value="cost">Highest cost</option>
            <option value="duration">Longest duration</option>
            </select></label>
            <p id="count" role="status"></p>
            </div>

            """.Replace("\r\n", "\n"));
    }

    private void WriteCard(TextWriter html, GalleryItem item, int number)
    {
        html.Write(Invariant($"<li class=\"card\" id=\"n{number}\" data-status=\"{Html.Text(item.Status)}\" data-time=\"{item.Time?.ToUnixTimeMilliseconds()}\""));
        html.Write(Invariant($" data-cost=\"{item.Job?.CreditCost}\" data-seconds=\"{item.Duration?.TotalSeconds}\""));
        html.Write($" data-file=\"{Html.Text(item.File?.Name ?? string.Empty)}\">\n<article aria-labelledby=\"p{number}\">\n<div class=\"film\">\n");
        html.Write($"<p class=\"edge\"><span class=\"number\">{number.ToString(_items.Count < 100 ? "00" : "000", CultureInfo.InvariantCulture)}</span>");
        WriteSpans(html, [item.Options.Model]);
        html.Write("</p>\n");
        if (item.File is not null)
        {
            WriteImage(html, item, item.File, number);
        }
        else
        {
            html.Write($"<div class=\"frame {(GalleryItem.IsLost(item.Status) ? "lost" : "bare")}\"><div class=\"note\"><p class=\"state\">{Html.Text(GalleryText.Status(item.Status))}</p>");
            html.Write(item.Reason is null ? string.Empty : $"<p class=\"reason\" dir=\"auto\">{Html.Text(item.Reason)}</p>");
            html.Write("</div></div>\n");
        }

        html.Write("<p class=\"edge\">");
        WriteSpans(html, [.. item.Options.Words().Where(word => word.Name != nameof(ImageOptions.Model)).Select(word => word.Value), .. GalleryText.Inputs(item.Options)]);
        html.Write($"</p>\n</div>\n<h3 class=\"prompt\" id=\"p{number}\" dir=\"auto\">{Html.Text(item.Name)}</h3>\n<p class=\"facts\">");
        WriteSpans(html, [
            item.Job?.CreditCost is { } cost ? GalleryText.Credits(cost) : null,
            item.Duration is { } duration ? GalleryText.Duration(duration) : null]);
        html.Write(item.Time is { } time ? GalleryText.Time(time) : string.Empty);
        html.Write("</p>\n<div class=\"more\">");
        html.Write(item.Prompt is { Length: > 0 } ? "<button type=\"button\" class=\"copy\" hidden>Copy prompt</button>" : string.Empty);
        WriteDetails(html, item);
        html.Write("</div>\n</article>\n</li>\n");
    }

    private void WriteImage(TextWriter html, GalleryItem item, FileInfo file, int number)
    {
        string alt = Html.Text(item.Name);
        if (!_embed)
        {
            string url = Html.Text(RelativeUrl.Of(_folder, file.FullName));
            html.Write($"<a class=\"frame\" href=\"{url}\"><img src=\"{url}\" alt=\"{alt}\"{(_items.Count - number < FirstScreen ? string.Empty : " loading=\"lazy\"")}></a>\n");
            return;
        }

        // Browsers do not open data URLs as pages, so without JavaScript the image is enlarged in its place.
        html.Write(Invariant($"<a class=\"frame\" href=\"#n{number}\"><img alt=\"{alt}\" src=\"data:"));
        Embed(html, file);
        html.Write("\"></a>\n");
    }

    private static void Embed(TextWriter html, FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        var bytes = new byte[EmbedBytes];
        var text = new char[EmbedBytes / 3 * 4];
        int count = Fill(stream, bytes);
        html.Write($"image/{file.Extension.TrimStart('.').ToLowerInvariant().Replace("jpg", "jpeg")};base64,");
        for (; count > 0; count = Fill(stream, bytes))
        {
            html.Write(text, 0, Convert.ToBase64CharArray(bytes, 0, count, text, 0));
        }
    }

    private static int Fill(FileStream stream, byte[] bytes)
    {
        int done = 0;
        for (int read = -1; read != 0 && done < bytes.Length; done += read)
        {
            read = stream.Read(bytes, done, bytes.Length - done);
        }

        return done;
    }

    private static void WriteDetails(TextWriter html, GalleryItem item)
    {
        (string Name, string? Value)[] details =
        [
            ("Job", item.Job?.JobId),
            ("File", item.File?.Name),
            ("Size", item.File is null ? null : GalleryText.Size(item.File.Length)),
            ("Created", GalleryText.Seconds(item.Job?.CreatedAt)),
            ("Completed", GalleryText.Seconds(item.Job?.CompletedAt)),
            .. item.Options.ReferenceImage.Select(reference => ("Reference", (string?)ShownText.Message(reference))),
        ];
        string known = string.Concat(
            from detail in details
            where !string.IsNullOrEmpty(detail.Value)
            select $"<div><dt>{detail.Name}</dt><dd dir=\"auto\">{Html.Text(detail.Value!)}</dd></div>");
        html.Write(known.Length == 0 ? string.Empty : $"<details><summary>Details</summary><dl>{known}</dl></details>");
    }

    private static void WriteSpans(TextWriter html, IEnumerable<string?> texts)
    {
        foreach (string? text in texts.Where(text => !string.IsNullOrEmpty(text)))
        {
            html.Write($"<span dir=\"auto\">{Html.Text(text!)}</span> ");
        }
    }

    private void WriteViewer(TextWriter html) => html.Write($"""
        <dialog class="viewer" aria-label="Large view">
        <div class="stage"><img alt=""></div>
        <div class="caption"><p class="prompt" dir="auto"></p><p class="facts"></p></div>
        <div class="bar">
        <button type="button" class="previous"><span aria-hidden="true">←</span> Previous</button>
        <button type="button" class="next">Next <span aria-hidden="true">→</span></button>
        <button type="button" class="copy">Copy prompt</button>
        <a class="open"{(_embed ? " download" : " target=\"_blank\" rel=\"noopener\"")}>{(_embed ? "Save image" : "Open image")}</a>
        <button type="button" class="close">Close</button>
        </div>
        </dialog>
        <p id="said" class="unseen" role="status"></p>

        """.Replace("\r\n", "\n"));

    /// <summary>Returns the statuses of the items with their numbers, images first.</summary>
    private IEnumerable<(string Status, int Count)> Statuses() =>
        from item in _items
        group item by item.Status into status
        orderby status.Key != JobStatus.Completed, status.Key
        select (status.Key, status.Count());

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Hash(string text)
    {
        using var sha = SHA256.Create();
        return "sha256-" + Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Returns a resource with the line ends that browsers hash, because a Git checkout can change the line ends.</summary>
    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(GalleryPage).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
