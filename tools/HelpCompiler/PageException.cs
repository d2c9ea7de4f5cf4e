using System;

namespace HelpCompiler;

/// <summary>A page does not follow the schema.</summary>
internal sealed class PageException(string file, int line, string message) : Exception(message)
{
    /// <summary>In the form that MSBuild takes for an error of its own and editors for a place to jump to.</summary>
    public override string ToString() => $"{file}({line}): error HELP001: {Message}";
}
