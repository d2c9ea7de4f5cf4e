using System;
using System.Collections.Generic;
using System.Globalization;
using Apiframe.Client;

namespace Apiframe.Gallery;

/// <summary>Numbers and times as text for the gallery, in English and UTC, so that they are the same on every computer.</summary>
internal static class GalleryText
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Number(decimal figure) => figure.ToString("#,0.##", Culture);

    /// <summary>Returns a status as words. The service can have statuses that are unknown here.</summary>
    public static string Status(string status) => status switch
    {
        GalleryItem.Unsaved => "not saved",
        GalleryItem.NoJob => "not made",
        JobStatus.Cancelled => "canceled",
        _ => status.Replace('_', ' ').ToLowerInvariant(),
    };

    public static string Credits(decimal cost) => Number(cost) + (cost == 1 ? " credit" : " credits");

    public static string Duration(TimeSpan duration) => duration.TotalSeconds < 60
        ? duration.TotalSeconds.ToString("0.#", Culture) + " s"
        : string.Format(Culture, "{0} min {1} s", (int)duration.TotalMinutes, duration.Seconds);

    public static string Size(long bytes) => bytes < 1_000_000
        ? Math.Ceiling(bytes / 1e3).ToString("0", Culture) + " KB"
        : (bytes / 1e6).ToString("0.0", Culture) + " MB";

    /// <summary>Returns a time with seconds for lists, or null if there is none.</summary>
    public static string? Seconds(DateTimeOffset? time) => time?.UtcDateTime.ToString("d MMM yyyy, HH:mm:ss 'UTC'", Culture);

    public static string Time(DateTimeOffset time) => Time(time, "d MMM yyyy, HH:mm");

    /// <summary>Returns a period as HTML. The second time omits the parts that it shares with the first.</summary>
    public static string Period(DateTimeOffset first, DateTimeOffset last)
    {
        (DateTime from, DateTime to) = (first.UtcDateTime, last.UtcDateTime);
        return from.Date != to.Date ? Time(first, "d MMM yyyy") + " to " + Time(last, "d MMM yyyy")
            : from.ToString("t", Culture) == to.ToString("t", Culture) ? Time(first, "d MMM yyyy, HH:mm", " UTC")
            : Time(first, "d MMM yyyy, HH:mm") + " to " + Time(last, "HH:mm", " UTC");
    }

    /// <summary>Returns the inputs of an image except the prompt.</summary>
    public static IEnumerable<string> Inputs(ImageOptions options)
    {
        if (options.ReferenceImage.Count > 0)
        {
            yield return options.ReferenceImage.Count == 1 ? "1 reference" : options.ReferenceImage.Count.ToString(Culture) + " references";
        }

        if (options.GoogleSearch)
        {
            yield return "web search";
        }

        if (options.ImageSearch)
        {
            yield return "image search";
        }
    }

    private static string Time(DateTimeOffset time, string format, string zone = "") =>
        $"<time datetime=\"{time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", Culture)}\">{time.UtcDateTime.ToString(format, Culture)}{zone}</time>";
}
