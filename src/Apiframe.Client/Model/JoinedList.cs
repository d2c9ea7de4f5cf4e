using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace Apiframe.Client;

/// <summary>A list that reads as its items, separated by semicolons: what is left of it in a cell of a CSV file, and what can be read from one.</summary>
internal sealed class JoinedList<T> : ReadOnlyCollection<T>
{
    private static readonly JoinedList<T> None = new([]);

    private JoinedList(IList<T> items)
        : base(items)
    {
    }

    /// <summary>The same items. Empty lists are the same object, so that records that have one are equal.</summary>
    public static JoinedList<T> Of(IReadOnlyCollection<T> items) => items as JoinedList<T> ?? (items.Count == 0 ? None : new([.. items]));

    /// <summary>The items; URLs as they go over the wire.</summary>
    public override string ToString() => string.Join(";", this.Select(item => item is Uri url ? url.AbsoluteUri : item?.ToString()));
}
