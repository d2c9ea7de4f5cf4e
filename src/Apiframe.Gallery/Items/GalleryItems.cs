using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Apiframe.Gallery;

/// <summary>The items of a gallery. Each item occurs once, even if it was added several times or in several forms.</summary>
public sealed class GalleryItems
{
    private static readonly StringComparer PathComparer =
        Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private readonly Dictionary<string, GalleryItem> _images = new(PathComparer);
    private readonly Dictionary<string, GalleryItem> _jobs = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<GalleryItem> _prompts = [];

    /// <summary>Adds an item. Of two equal items, the one with more properties is kept.</summary>
    public void Add(GalleryItem item)
    {
        if (item.File is not null)
        {
            Add(_images, item.File.FullName, item, replace: item.Job is not null);
        }
        else if (item.Job is not null)
        {
            // A job that has ended has more properties than the same job before its end.
            Add(_jobs, item.Job.JobId, item, replace: item.Job.IsFinal || item.Reason is not null);
        }
        else
        {
            _prompts.Add(item);
        }
    }

    /// <summary>Returns all items, newest first. Items without a time are last. A job is omitted if its image is listed.</summary>
    public IReadOnlyList<GalleryItem> NewestFirst()
    {
        var shown = new HashSet<string>(_images.Values.Select(item => item.Job?.JobId).OfType<string>(), StringComparer.OrdinalIgnoreCase);
        return _images.Values
            .Concat(_jobs.Values.Where(item => !shown.Contains(item.Job!.JobId)))
            .Concat(_prompts)
            .OrderByDescending(item => item.Time ?? DateTimeOffset.MinValue)
            .ToList();
    }

    private static void Add(Dictionary<string, GalleryItem> items, string key, GalleryItem item, bool replace)
    {
        if (replace || !items.ContainsKey(key))
        {
            items[key] = item;
        }
    }
}
