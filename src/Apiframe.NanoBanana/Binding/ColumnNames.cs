using System;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.NanoBanana.Binding;

/// <summary>
/// Finds the columns of a table whose names are similar to those of parameters. PowerShell ignores such a column, and the image would be billed without its
/// value.
/// </summary>
internal static class ColumnNames
{
    /// <summary>
    /// The minimum length of a name for a comparison. Too many shorter words differ in one character: Mode is a property of every file, and Model is a
    /// parameter.
    /// </summary>
    private const int ShortestWord = 5;

    /// <summary>The characters that spreadsheets separate columns with, depending on their language.</summary>
    private const string Separators = ";\t|,";

    /// <summary>Returns the parameter that a column is probably meant for. Null if the column is the name of a parameter or is not similar to any.</summary>
    /// <param name="column">The name of the column.</param>
    /// <param name="parameters">The names of the parameters and their aliases.</param>
    public static string? Meant(string column, IReadOnlyCollection<string> parameters)
    {
        if (parameters.Contains(column, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        string word = Word(column);
        return parameters.FirstOrDefault(parameter => Word(parameter) == word)
            ?? parameters.FirstOrDefault(parameter => Math.Min(word.Length, parameter.Length) >= ShortestWord && IsOneSlip(word, Word(parameter)));
    }

    /// <summary>Describes a row without a required column, and what to do about the likely reason. The advice is null if there is none.</summary>
    /// <param name="columns">The names of the columns of the row.</param>
    /// <param name="missing">The name of the missing column.</param>
    public static (string Description, string? Advice) Described(IReadOnlyList<string> columns, string missing)
    {
        if (columns.Count == 1 && columns[0].FirstOrDefault(Separators.Contains) is var separator && separator != default)
        {
            string delimiter = separator == '\t' ? "\"`t\"" : $"'{separator}'";
            return ($"an object with the single property '{columns[0]}'", $"If the object comes from a CSV file, use Import-Csv -Delimiter {delimiter}.");
        }

        string? advice = columns.FirstOrDefault(column => Meant(column, [missing]) is not null) is { } slip ? $"Rename '{slip}' to '{missing}'." : null;
        string names = string.Join(", ", columns.Take(10).Select(column => $"'{column}'")) + (columns.Count > 10 ? ", ..." : string.Empty);
        return ($"an object with the {(columns.Count == 1 ? "property" : "properties")} {names}", advice);
    }

    /// <summary>Returns a name in lowercase without spaces and punctuation.</summary>
    private static string Word(string name) => new(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant).ToArray());

    /// <summary>Whether one character is missing, added, or replaced, or two adjacent characters are swapped.</summary>
    private static bool IsOneSlip(string one, string other)
    {
        string shorter = one.Length <= other.Length ? one : other;
        string longer = one.Length <= other.Length ? other : one;
        int at = 0;
        while (at < shorter.Length && shorter[at] == longer[at])
        {
            at++;
        }

        string left = shorter.Substring(at);
        string right = longer.Substring(at);
        return (right.Length - left.Length) switch
        {
            1 => right.Substring(1) == left,
            0 => left.Length > 0 && (left.Substring(1) == right.Substring(1)
                || (left.Length > 1 && left[0] == right[1] && left[1] == right[0] && left.Substring(2) == right.Substring(2))),
            _ => false,
        };
    }
}
