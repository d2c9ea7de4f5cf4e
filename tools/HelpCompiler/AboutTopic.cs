using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Markdig.Syntax;

namespace HelpCompiler;

/// <summary>Converts an about_ topic from a page in the platyPS schema to the text that Get-Help shows.</summary>
internal sealed class AboutTopic
{
    private const int Width = 80;

    private const string Indent = "    ";

    private static readonly string[] FirstTitles = ["SHORT DESCRIPTION", "LONG DESCRIPTION"];

    private readonly StringBuilder _text = new();

    private AboutTopic(string name) => Name = name;

    /// <summary>The name of the topic, such as <c>about_Apiframe.NanoBanana</c>.</summary>
    public string Name { get; }

    /// <summary>The text, in lines of at most 80 columns. PowerShell reads the synopsis from the fifth line.</summary>
    public string Text => _text.ToString();

    /// <exception cref="PageException">The page does not follow the schema, or a line of code is too wide.</exception>
    public static AboutTopic Read(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        var topic = new AboutTopic(name);
        Block[] blocks = [.. Markdig.Markdown.Parse(File.ReadAllText(file))];
        if (blocks is not [HeadingBlock { Level: 1 } topicTitle, HeadingBlock { Level: 2 } nameTitle, ..]
            || PlainText.Of(topicTitle.Inline) != "TOPIC" || PlainText.Of(nameTitle.Inline) != name)
        {
            throw new PageException(file, 1, $"The page must begin with '# TOPIC' and '## {name}'.");
        }

        IReadOnlyList<Section> sections = new Section(file, 1, file, blocks[2..]).Parts(level: 1);
        if (!sections.Take(FirstTitles.Length).Select(section => section.Title).SequenceEqual(FirstTitles))
        {
            throw new PageException(file, 1, $"The sections must begin with {string.Join(" and ", FirstTitles)}.");
        }

        topic.Line("TOPIC");
        topic.Line(Indent + name);
        foreach (Section section in sections)
        {
            topic.Line();
            topic.Line(section.Title);
            topic.Write(section, isFirst: true);
        }

        return topic;
    }

    private void Write(Section section, bool isFirst)
    {
        foreach (Block block in section.Body)
        {
            if (!isFirst)
            {
                Line();
            }

            switch (block)
            {
                case HeadingBlock { Level: 2 } heading:
                    Line("  " + PlainText.Of(heading.Inline));
                    isFirst = true;
                    continue;
                case FencedCodeBlock code:
                    Write(section, code);
                    break;
                case ListBlock list:
                    list.ToList().ForEach(item => Wrapped("- " + string.Join(" ", PlainText.Paragraphs(section.File, (ListItemBlock)item)), hanging: "  "));
                    break;
                default:
                    PlainText.Paragraphs(section.File, [block]).ToList().ForEach(paragraph => Wrapped(paragraph, hanging: string.Empty));
                    break;
            }

            isFirst = false;
        }
    }

    private void Write(Section section, FencedCodeBlock code)
    {
        string[] lines = code.Lines.ToString().ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = (Indent + "  " + lines[i]).TrimEnd();
            Line(line.Length <= Width ? line : throw new PageException(section.File, code.Line + 2 + i, $"This line of code is {line.Length - Width} columns too wide."));
        }
    }

    private void Wrapped(string text, string hanging)
    {
        string line = Indent;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length > Width && line.Trim().Length > 0)
            {
                Line(line.TrimEnd());
                line = Indent + hanging;
            }

            line += word + " ";
        }

        Line(line.TrimEnd());
    }

    private void Line(string line = "") => _text.Append(line).Append('\n');
}
