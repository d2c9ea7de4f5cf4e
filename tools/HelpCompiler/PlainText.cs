using System.Collections.Generic;
using System.Linq;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HelpCompiler;

/// <summary>Converts Markdown to text for a console.</summary>
internal static class PlainText
{
    public static IReadOnlyList<string> Paragraphs(string file, IEnumerable<Block> blocks) => [.. blocks.SelectMany(block => block switch
    {
        ParagraphBlock paragraph => [Of(paragraph.Inline)],
        ListBlock list => list.Cast<ListItemBlock>().Select(item => "- " + string.Join(" ", Paragraphs(file, item))),
        _ => throw new PageException(file, block.Line + 1, $"Only paragraphs and lists are expected here, not a {block.GetType().Name}."),
    })];

    public static string Of(Inline? inline) => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        AutolinkInline link => link.Url,
        LineBreakInline => " ",
        // The text is kept as it was typed, because a placeholder such as <folder> is not a tag.
        HtmlInline tag => tag.Tag,
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        ContainerInline container => string.Concat(container.Select(Of)),
        _ => string.Empty,
    };
}
