using System.Collections.Generic;
using System.Linq;
using Markdig.Syntax;

namespace HelpCompiler;

/// <summary>A heading with everything before the next heading of the same level.</summary>
internal sealed record Section(string File, int Line, string Title, IReadOnlyList<Block> Body)
{
    public IReadOnlyList<string> Text => PlainText.Paragraphs(File, Body);

    /// <summary>Returns the sections one level below. No text is allowed before the first section.</summary>
    public IReadOnlyList<Section> Parts(int level)
    {
        var parts = new List<(HeadingBlock Heading, List<Block> Body)>();
        foreach (Block block in Body)
        {
            if (block is HeadingBlock heading && heading.Level <= level)
            {
                parts.Add(heading.Level == level ? (heading, []) : throw Problem(block, $"A heading of level {level} is expected here."));
            }
            else if (parts.Count > 0)
            {
                parts[^1].Body.Add(block);
            }
            else
            {
                throw Problem(block, $"A heading of level {level} is expected before this.");
            }
        }

        return [.. parts.Select(part => new Section(File, part.Heading.Line + 1, PlainText.Of(part.Heading.Inline), part.Body))];
    }

    /// <summary>Returns the only code block of the section, and its text.</summary>
    public (FencedCodeBlock Code, IReadOnlyList<string> Text) CodeAndText()
    {
        FencedCodeBlock[] code = [.. Body.OfType<FencedCodeBlock>()];
        return code.Length == 1
            ? (code[0], PlainText.Paragraphs(File, Body.Where(block => block != code[0])))
            : throw Problem($"'{Title}' needs one code block and has {code.Length}.");
    }

    public IReadOnlyList<string> RequiredText() => Text.Count > 0 ? Text : throw Problem($"'{Title}' has no text.");

    public PageException Problem(string message) => new(File, Line, message);

    private PageException Problem(Block block, string message) => new(File, block.Line + 1, message);
}
