using System;
using System.IO;
using Apiframe.Client.Journal;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class JournalPathTests
{
    private static readonly string Root = Path.GetPathRoot(Environment.CurrentDirectory)!;

    [Theory]
    [InlineData("a/b", "a/b/c.png", "c.png")]
    [InlineData("a/b", "a/b/images/c.png", "images/c.png")]
    [InlineData("a/b", "a/c.png", "../c.png")]
    [InlineData("a/b", "x/y/c.png", "../../x/y/c.png")]
    [InlineData("a/b", "a/bc/d.png", "../bc/d.png")]
    [InlineData("", "c.png", "c.png")]
    [InlineData("a/b", "a/b", "../b")]
    public void A_path_is_relative_to_the_journal_s_folder_and_leads_back_to_the_file(string folder, string file, string relative)
    {
        string from = Rooted(folder);
        string to = Rooted(file);

        Assert.Equal(relative, JournalPath.Relative(from, to));
        Assert.Equal(to, JournalPath.Full(from, relative));
    }

    [Fact]
    public void A_file_under_another_root_such_as_another_drive_keeps_its_path() =>
        Assert.Equal("elsewhere.png", JournalPath.Relative(Rooted("a"), "elsewhere.png"));

    [Fact]
    public void A_path_that_is_not_valid_on_this_system_stays_unchanged() => Assert.Equal("a\0b", JournalPath.Full(Root, "a\0b"));

    private static string Rooted(string path) => Path.GetFullPath(Path.Combine(Root, path.Replace('/', Path.DirectorySeparatorChar)));
}
