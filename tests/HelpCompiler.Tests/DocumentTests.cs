using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Xunit;

namespace HelpCompiler.Tests;

public sealed partial class DocumentTests
{
    public static TheoryData<string> Topics => [.. Repository.Topics.Select(topic => Path.GetFileNameWithoutExtension(topic))];

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_topic_becomes_text_with_a_synopsis_that_fits_a_console(string name)
    {
        AboutTopic topic = AboutTopic.Read(Path.Combine(Repository.Root, "docs/about", name + ".md"));
        string[] lines = topic.Text.Split('\n');

        Assert.Equal(["TOPIC", "    " + name, "", "SHORT DESCRIPTION"], lines[..4]);
        Assert.InRange(lines[4].Trim().Length, 20, 76);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.DoesNotContain("`", topic.Text.Replace("`\n", string.Empty), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# TOPIC\n\n## about_Other\n", "must begin with '# TOPIC' and '## about_Bad'")]
    [InlineData("# TOPIC\n\n## about_Bad\n\n# LONG DESCRIPTION\n\nx\n", "must begin with SHORT DESCRIPTION")]
    [InlineData("# TOPIC\n\n## about_Bad\n\n# SHORT DESCRIPTION\n\nx\n\n# LONG DESCRIPTION\n\n> quoted\n", "Only paragraphs and lists")]
    [InlineData("# TOPIC\n\n## about_Bad\n\n# SHORT DESCRIPTION\n\nx\n\n# LONG DESCRIPTION\n\n```powershell\n12345678901234567890123456789012345678901234567890123456789012345678901234567890\n```\n", "6 columns too wide")]
    public void A_topic_that_does_not_follow_the_schema_is_rejected(string text, string problem)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "about_Bad.md");
        File.WriteAllText(file, text);

        PageException e = Assert.Throws<PageException>(() => AboutTopic.Read(file));

        Assert.Contains(problem, e.ToString(), StringComparison.Ordinal);
        Assert.Matches(new Regex(@"about_Bad\.md\(\d+\): error HELP001"), e.ToString());
    }

    [Fact]
    public void Every_link_to_a_file_of_the_repository_has_a_target()
    {
        var dead = from document in Repository.Documents
                   from link in Markdown.Parse(File.ReadAllText(document), new MarkdownPipelineBuilder().UsePipeTables().Build()).Descendants<LinkInline>()
                   where link.Url is { Length: > 0 } url && !url.Contains(':', StringComparison.Ordinal) && !url.StartsWith('#')
                   let path = Path.Combine(Path.GetDirectoryName(document)!, Uri.UnescapeDataString(link.Url!.Split('#')[0]))
                   where !File.Exists(path) && !Directory.Exists(path)
                   select $"{document}: {link.Url}";

        Assert.Empty(dead);
    }

    [Fact]
    public void No_text_names_a_cmdlet_that_does_not_exist()
    {
        var named = Repository.Documents.SelectMany(document => CmdletName().Matches(File.ReadAllText(document)).Select(match => match.Value)).Distinct();

        Assert.Empty(named.Except(Repository.Pages.Select(page => Path.GetFileNameWithoutExtension(page)!)));
    }

    [GeneratedRegex(@"\b(?:[A-Z][a-z]+|ConvertFrom)-Banana[A-Z]\w+")]
    private static partial Regex CmdletName();
}
