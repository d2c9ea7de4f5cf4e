using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HelpCompiler;

/// <summary>Reads a page of the platyPS 2.0.0 schema and requires that it follows the schema.</summary>
internal static class PageReader
{
    private const string AllSets = "(All)";

    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UseYamlFrontMatter().Build();

    private static readonly string[] SectionTitles =
        ["SYNOPSIS", "SYNTAX", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    public static CommandPage Read(string file)
    {
        MarkdownDocument document = Markdig.Markdown.Parse(File.ReadAllText(file), Markdown);
        if (document.FirstOrDefault() is not YamlFrontMatterBlock frontMatter)
        {
            throw new PageException(file, 1, "The page must begin with front matter.");
        }

        var header = new YamlFields(file, frontMatter, ["external help file", "Module Name", "online version", "schema"]);
        if (header["schema"] != "2.0.0")
        {
            throw new PageException(file, frontMatter.Line + 1, $"The schema is '{header["schema"]}', not 2.0.0.");
        }

        Section[] titles = [.. new Section(file, 1, file, [.. document.Skip(1)]).Parts(level: 1)];
        string name = Path.GetFileNameWithoutExtension(file);
        if (titles.Length != 1 || titles[0].Title != name)
        {
            throw new PageException(file, titles.LastOrDefault()?.Line ?? 1, $"The page needs one title, '# {name}'.");
        }

        Dictionary<string, Section> sections = SectionsOf(titles[0]);
        Parameter[] parameters = ReadParameters(sections["PARAMETERS"]);
        return new CommandPage(
            name,
            sections["SYNOPSIS"].RequiredText(),
            ReadSyntax(sections["SYNTAX"], parameters),
            sections["DESCRIPTION"].RequiredText(),
            [.. sections["EXAMPLES"].Parts(level: 3).Select(ReadExample)],
            parameters,
            [.. sections["INPUTS"].Parts(level: 3).Select(part => new TypeNote(part.Title, part.Text))],
            [.. sections["OUTPUTS"].Parts(level: 3).Select(part => new TypeNote(part.Title, part.Text))],
            sections["NOTES"].Text,
            [.. sections["RELATED LINKS"].Body.OfType<ParagraphBlock>().SelectMany(line => line.Inline!.Descendants<LinkInline>()).Select(ReadLink)]);
    }

    private static Dictionary<string, Section> SectionsOf(Section page)
    {
        IReadOnlyList<Section> sections = page.Parts(level: 2);
        for (int i = 0; i < Math.Max(SectionTitles.Length, sections.Count); i++)
        {
            string expected = i < SectionTitles.Length ? $"'## {SectionTitles[i]}'" : "the end of the page";
            if (i == sections.Count)
            {
                throw page.Problem($"{expected} is missing.");
            }

            if (i == SectionTitles.Length || sections[i].Title != SectionTitles[i])
            {
                throw sections[i].Problem($"{expected} is expected here, not '## {sections[i].Title}'.");
            }
        }

        return sections.ToDictionary(section => section.Title);
    }

    private static Parameter[] ReadParameters(Section section)
    {
        Section[] parts = [.. section.Parts(level: 3).Where(part => part.Title != "CommonParameters")];
        return parts.CountBy(part => part.Title).FirstOrDefault(title => title.Value > 1).Key is { } twice
            ? throw parts.Last(part => part.Title == twice).Problem($"'{twice}' is here twice.")
            : [.. parts.Select(ReadParameter)];
    }

    private static Parameter ReadParameter(Section section)
    {
        (FencedCodeBlock code, IReadOnlyList<string> text) = section.CodeAndText();
        if (!section.Title.StartsWith('-') || text.Count == 0 || code.Info != "yaml")
        {
            throw section.Problem($"'{section.Title}' must be a parameter such as '-Name', with text and a yaml block.");
        }

        var fields = new YamlFields(
            section.File,
            code,
            ["Type", "Parameter Sets", "Aliases", "Required", "Position", "Default value", "Accept pipeline input", "Accept wildcard characters"],
            "Accepted values");
        bool IsTrue(string key) => bool.TryParse(fields[key], out bool value) ? value : throw section.Problem($"'{key}' must be True or False.");
        return new Parameter(
            section.Title[1..],
            text,
            fields["Type"],
            fields.List("Parameter Sets"),
            fields["Aliases"],
            fields.List("Accepted values"),
            IsTrue("Required"),
            fields["Position"].ToLowerInvariant(),
            fields["Default value"],
            fields["Accept pipeline input"],
            IsTrue("Accept wildcard characters"));
    }

    private static ParameterSet[] ReadSyntax(Section syntax, IReadOnlyList<Parameter> parameters)
    {
        ParameterSet[] sets = [.. syntax.Parts(level: 3).Select(part => ReadSet(part, parameters))];
        IEnumerable<string> named = parameters.SelectMany(parameter => parameter.Sets).Distinct();
        return named.Except(sets.Select(set => set.Name)).FirstOrDefault(name => name != AllSets) is { } unknown
            ? throw syntax.Problem($"The parameter set '{unknown}' has no syntax.")
            : sets;
    }

    /// <summary>The syntax line determines the order. The line and the YAML blocks must contain the same parameters for the set.</summary>
    private static ParameterSet ReadSet(Section part, IReadOnlyList<Parameter> parameters)
    {
        string name = part.Title.Replace(" (Default)", string.Empty, StringComparison.Ordinal);
        string[] line = [.. part.CodeAndText().Code.Lines.ToString().Split(' ', '\n').Select(word => word.Trim('[', ']')).Where(word => word.StartsWith('-'))];
        Parameter[] inSet = [.. parameters.Where(parameter => parameter.Sets.Contains(AllSets) || parameter.Sets.Contains(name))];
        string[] onOneSide = [.. line.Except(inSet.Select(One)), .. inSet.Select(One).Except(line)];
        return onOneSide.Length == 0
            ? new ParameterSet(name, [.. line.Select(one => inSet.Single(parameter => One(parameter) == one))])
            : throw part.Problem($"Syntax line and yaml do not agree on whether {onOneSide[0]} is in the parameter set '{name}'.");

        static string One(Parameter parameter) => "-" + parameter.Name;
    }

    private static Example ReadExample(Section section)
    {
        (FencedCodeBlock code, IReadOnlyList<string> remarks) = section.CodeAndText();
        return new Example(section.Title, code.Lines.ToString(), remarks);
    }

    /// <summary>A link to another page consists of the name of a cmdlet, which needs no address in a console.</summary>
    private static Link ReadLink(LinkInline link) =>
        new(PlainText.Of(link), Uri.IsWellFormedUriString(link.Url, UriKind.Absolute) ? link.Url! : string.Empty);
}
