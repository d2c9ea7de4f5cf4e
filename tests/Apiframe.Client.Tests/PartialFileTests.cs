using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class PartialFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Target => Path.Combine(_folder, "kite.png");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_partial_file_in_use_is_never_deleted_as_an_orphan()
    {
        using var done = new CancellationTokenSource();
        Task sweeps = Task.Run(
            () =>
            {
                for (int i = 0; i < 1_000_000 && !done.IsCancellationRequested; i++)
                {
                    PartialFile.RemoveOrphans(_folder);
                }
            },
            TestContext.Current.CancellationToken);
        try
        {
            for (int i = 0; i < 200; i++)
            {
                using var partial = new PartialFile(Target);
                partial.Write([1, 2, 3], 3);
                partial.MoveTo(Path.Combine(_folder, $"{i}.png"), overwrite: false);
            }
        }
        finally
        {
            await done.CancelAsync();
            await sweeps;
        }

        Assert.Equal(200, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void The_hash_is_of_everything_that_was_written_since_the_last_restart()
    {
        using var partial = new PartialFile(Target, isHashed: true);
        partial.Write([9, 9], 2);
        partial.Restart();
        partial.Write([1, 2, 9], 2);
        partial.Write([3], 1);
        string? early = partial.Sha256;

        FileInfo file = partial.MoveTo(Target, overwrite: false);

        Assert.Null(early);
        Assert.Equal(Sha256.Of(File.ReadAllBytes(file.FullName)), partial.Sha256);
    }

    [Fact]
    public void A_hash_that_was_not_requested_is_not_computed()
    {
        using var partial = new PartialFile(Target);
        partial.Write([1], 1);

        partial.MoveTo(Target, overwrite: false);

        Assert.Null(partial.Sha256);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, true)]
    [InlineData(new byte[] { 1, 2, 4 }, false)]
    [InlineData(new byte[] { 1, 2, 3, 4 }, false)]
    public void A_file_is_the_same_if_all_of_its_bytes_are_although_another_program_has_opened_it(byte[] content, bool isSame)
    {
        File.WriteAllBytes(Target, content);
        using var partial = new PartialFile(Target);
        partial.Write([1, 2, 3], 3);
        using FileStream reader = File.OpenRead(Target);

        Assert.Equal(isSame, partial.IsSameAs(Target));
    }

    [Fact]
    public void A_partial_file_that_is_disposed_of_is_closed_and_deleted()
    {
        var partial = new PartialFile(Target);
        Stream content = partial.Content;

        partial.Dispose();

        Assert.False(content.CanWrite);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_partial_file_in_a_folder_that_does_not_exist_is_an_error() =>
        Assert.Throws<DirectoryNotFoundException>(() => new PartialFile(Path.Combine(_folder, "missing", "kite.png")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_move_to_an_existing_name_fails_and_can_be_repeated_with_overwrite(bool isThere)
    {
        if (isThere)
        {
            File.WriteAllText(Target, "mine");
        }

        using var partial = new PartialFile(Target);
        partial.Write([1, 2, 3], 3);
        if (isThere)
        {
            Assert.ThrowsAny<IOException>(() => partial.MoveTo(Target, overwrite: false));
        }

        partial.MoveTo(Target, overwrite: true);

        Assert.Equal([1, 2, 3], File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder))));
    }

    [Fact]
    public void A_symbolic_link_without_a_target_is_replaced_like_a_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making symbolic links takes a privilege there.");
        File.CreateSymbolicLink(Target, Path.Combine(_folder, "nowhere.png"));
        using var partial = new PartialFile(Target);
        partial.Write([1, 2, 3], 3);

        Assert.ThrowsAny<IOException>(() => partial.MoveTo(Target, overwrite: false));
        partial.MoveTo(Target, overwrite: true);

        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
        Assert.Null(new FileInfo(Target).LinkTarget);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_deleted_partial_file_replaces_nothing_and_can_be_created_again(bool overwrite)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let anybody take away an open file.");
        if (overwrite)
        {
            File.WriteAllText(Target, "mine");
        }

        using var partial = new PartialFile(Target);
        partial.Write([1, 2, 3], 3);
        File.Delete(Directory.GetFiles(_folder, "*.partial").Single());

        Assert.Throws<FileNotFoundException>(() => partial.MoveTo(Target, overwrite));
        Assert.Equal(overwrite, File.Exists(Target));
        partial.Restart();
        partial.Write([4], 1);
        partial.MoveTo(Target, overwrite);

        Assert.Equal([4], File.ReadAllBytes(Target));
    }
}
