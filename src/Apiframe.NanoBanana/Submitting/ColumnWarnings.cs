using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.NanoBanana.Binding;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>Warns once for each column whose name is similar to that of a parameter.</summary>
internal sealed class ColumnWarnings
{
    private readonly IReadOnlyList<IReadOnlyList<string>> _parameters;
    private readonly IReadOnlyCollection<string> _names;
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="parameters">Each parameter that a column can set: its name, and then its aliases.</param>
    public ColumnWarnings(IReadOnlyList<IReadOnlyList<string>> parameters)
    {
        _parameters = parameters;
        _names = [.. parameters.SelectMany(names => names)];
    }

    /// <summary>Returns the warnings before a row is submitted. If another column sets the parameter, a similar column has another purpose.</summary>
    /// <param name="columns">The names of all columns of the row.</param>
    public IReadOnlyList<string> Before(IReadOnlyCollection<string> columns) =>
    [
        .. from column in columns
           where _seen.Add(column)
           let meant = ColumnNames.Meant(column, _names)
           where meant is not null && !_parameters.First(names => names.Contains(meant)).Intersect(columns, StringComparer.OrdinalIgnoreCase).Any()
           select $"The column '{column}' is ignored because no parameter has this name. If it is meant to set -{meant}, rename it to '{meant}'.",
    ];
}
