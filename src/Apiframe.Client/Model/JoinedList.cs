using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace Apiframe.Client;

/// <summary>A list that reads as its items, separated by semicolons: what is left of it in a cell of a CSV file, and what can be read from one.</summary>
internal abstract class JoinedList<T> : ReadOnlyCollection<T>
{
    private protected JoinedList(IReadOnlyCollection<T> items)
        : base([.. items])
    {
    }

    /// <summary>The items; URLs as they go over the wire.</summary>
    public override string ToString() => string.Join(";", this.Select(item => item is Uri url ? url.AbsoluteUri : item?.ToString()));
}

/// <summary>A list of texts. It is not generic, so that its name in CLIXML is the same everywhere: Apiframe.NanoBanana.types.ps1xml has to know it.</summary>
internal sealed class JoinedTexts : JoinedList<string>
{
    private static readonly JoinedTexts None = new([]);

    private JoinedTexts(IReadOnlyCollection<string> items)
        : base(items)
    {
    }

    /// <summary>The same items. Empty lists are the same object, so that records that have one are equal.</summary>
    public static JoinedTexts Of(IReadOnlyCollection<string> items) => items as JoinedTexts ?? (items.Count == 0 ? None : new(items));
}

/// <summary>A list of URLs; like <see cref="JoinedTexts"/>.</summary>
internal sealed class JoinedUrls : JoinedList<Uri>
{
    private static readonly JoinedUrls None = new([]);

    private JoinedUrls(IReadOnlyCollection<Uri> items)
        : base(items)
    {
    }

    /// <inheritdoc cref="JoinedTexts.Of"/>
    public static JoinedUrls Of(IReadOnlyCollection<Uri> items) => items as JoinedUrls ?? (items.Count == 0 ? None : new(items));
}
