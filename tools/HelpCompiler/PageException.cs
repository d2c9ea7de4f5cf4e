using System;

namespace HelpCompiler;

/// <summary>An error in a page that does not follow the schema.</summary>
internal sealed class PageException(string file, int line, string message) : Exception(message)
{
    /// <summary>Returns the message in the format of MSBuild errors, which editors can open.</summary>
    public override string ToString() => $"{file}({line}): error HELP001: {Message}";
}
