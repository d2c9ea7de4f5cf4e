using System;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Apiframe.NanoBanana.Binding;

/// <summary>
/// Lets one CSV cell hold a list, separated by semicolons. A URL can contain a semicolon itself, so in a cell with URLs only those before the next URL or full path
/// separate.
/// </summary>
internal sealed class ListTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Null is a list too: the empty one.</summary>
    public override bool TransformNullOptionalParameters => true;

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null)
        {
            return Array.Empty<string>();
        }

        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text)
        {
            return inputData;
        }

        return Parts(text);
    }

    /// <summary>The parts of one cell.</summary>
    public static string[] Parts(string text)
    {
        string separator = text.Contains("://") ? @";(?=\s*(?:https?://|[A-Z]:[\\/]|\\\\|/))" : ";";
        return Regex.Split(text, separator, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)
            .Select(part => part.Trim())
            .Where(part => part.Length > 0)
            .ToArray();
    }
}
