using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace Apiframe.Client;

/// <summary>A list whose text is its items, separated by semicolons. This is its form in a cell of a CSV file.</summary>
internal abstract class JoinedList<T> : ReadOnlyCollection<T>
{
    private protected JoinedList(IReadOnlyCollection<T> items)
        : base([.. items])
    {
    }

    /// <summary>Returns the items. URLs are in the form in which they are sent.</summary>
    public override string ToString() => string.Join(";", this.Select(item => item is Uri url ? url.AbsoluteUri : item?.ToString()));
}

/// <summary>
/// A list of texts. It is not generic, so that its name in CLIXML is always the same and Apiframe.NanoBanana.types.ps1xml can contain it.
/// </summary>
internal sealed class JoinedTexts : JoinedList<string>
{
    private static readonly JoinedTexts None = new([]);

    private JoinedTexts(IReadOnlyCollection<string> items)
        : base(items)
    {
    }

    /// <summary>Returns a list of the same items. Empty lists are the same object, so that records with empty lists are equal.</summary>
    public static JoinedTexts Of(IReadOnlyCollection<string> items) => items as JoinedTexts ?? (items.Count == 0 ? None : new(items));
}

/// <summary>A list of URLs, in the same form as <see cref="JoinedTexts"/>.</summary>
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
