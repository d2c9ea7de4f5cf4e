using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;
using Xunit;

namespace HelpCompiler.Tests;

/// <summary>The rules of CONTRIBUTING.md for language that a program can check.</summary>
public sealed partial class ProseTests
{
    /// <summary>The file and the line of each quotation that may contain an excluded phrase.</summary>
    private static readonly string[] Quotations = [];

    private static readonly string[] TextExtensions = [".cs", ".ps1", ".psm1", ".psd1", ".ps1xml", ".md", ".yml", ".js", ".css", ".svg", ".csproj", ".props"];

    public static TheoryData<string> HelpPages => [.. Repository.Pages.Concat(Repository.Topics).Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))];

    [Fact]
    public void No_text_contains_a_phrase_that_the_prose_rules_exclude()
    {
        var found = from file in TextFiles()
                    let name = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
                    from line in File.ReadLines(file)
                    where Phrases().IsMatch(line) && !Quotations.Contains($"{name}: {line.Trim()}")
                    select $"{name}: {line.Trim()}";

        Assert.Empty(found);
    }

    [Theory]
    [MemberData(nameof(HelpPages))]
    public void Every_paragraph_and_list_item_of_help_ends_with_a_period(string page)
    {
        // A paragraph before a list or an example can end with a colon.
        Assert.DoesNotContain(Paragraphs(page), text => !text.EndsWith('.') && !text.EndsWith(':'));
    }

    [Theory]
    [MemberData(nameof(HelpPages))]
    public void The_sentences_of_a_help_page_have_at_most_25_words_on_average(string page)
    {
        int[] words = [.. Paragraphs(page).SelectMany(text => SentenceEnd().Split(text)).Select(sentence => Word().Count(sentence)).Where(count => count > 0)];

        Assert.NotEmpty(words);
        Assert.InRange(words.Average(), 1, 25);
    }

    /// <summary>Returns the text of each paragraph and list item, without code and without the links at the end of the page.</summary>
    private static List<string> Paragraphs(string page)
    {
        string text = FrontMatter().Replace(File.ReadAllText(Path.Combine(Repository.Root, page)), string.Empty);
        string withoutLinks = Links().Replace(text.Replace("\r\n", "\n", StringComparison.Ordinal), string.Empty);
        return [.. Markdown.Parse(withoutLinks).Descendants<ParagraphBlock>().Select(paragraph => PlainText.Of(paragraph.Inline).Trim())];
    }

    private static IEnumerable<string> TextFiles() =>
        Directory.GetFiles(Repository.Root, "*.md")
            .Concat(new[] { "docs", "src", "samples", "tests", "tools" }
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)))
            .Where(file => TextExtensions.Contains(Path.GetExtension(file)) && !Generated().IsMatch(file));

    // The spaces are escaped so that the test does not find this line.
    [GeneratedRegex(@"contract\ section|\bis\ no\ \b|\bshal[l]\b|parted\ by", RegexOptions.IgnoreCase)]
    private static partial Regex Phrases();

    [GeneratedRegex(@"[/\\](bin|obj|TestResults)[/\\]")]
    private static partial Regex Generated();

    [GeneratedRegex(@"\A---\r?\n.*?^---\r?\n", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex FrontMatter();

    [GeneratedRegex(@"^#+ (RELATED LINKS|SEE ALSO)$.*|^## about_.*?$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Links();

    [GeneratedRegex(@"(?<=[.:!?])\s+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\S*\w\S*")]
    private static partial Regex Word();
}
