using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class JobListingTests
{
    private int _pages;

    [Fact]
    public async Task Pages_are_read_to_the_last_one()
    {
        Assert.Equal(["a", "b", "c"], await ReadAsync(Page("1", "a", "b"), Page("2"), Page(null, "c")));
        Assert.Equal(3, _pages);
    }

    [Fact]
    public async Task A_job_that_two_pages_show_is_listed_once() =>
        Assert.Equal(["a", "b", "c"], await ReadAsync(Page("1", "a", "b"), Page(null, "B", "c")));

    [Fact]
    public async Task A_repeated_cursor_ends_the_list()
    {
        Assert.Equal(["a", "b", "c"], await ReadAsync(Page("1", "a"), Page("2", "b"), Page("1", "c"), Page("2", "d")));
        Assert.Equal(3, _pages);
    }

    [Fact]
    public async Task A_list_that_always_has_another_page_and_no_new_job_is_an_error()
    {
        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => ReadAsync(Enumerable.Range(0, 100).Select(i => Page(i.ToString(CultureInfo.InvariantCulture), "a")).ToArray()));

        Assert.Equal(ApiframeErrorKind.InvalidResponse, e.Kind);
        Assert.InRange(_pages, 2, 10);
    }

    private static JobPage Page(string? next, params string[] ids) => new([.. ids.Select(id => new BananaJob { JobId = id })], next);

    private async Task<List<string>> ReadAsync(params JobPage[] pages)
    {
        string? asked = null;
        var listing = new JobListing(cursor =>
        {
            Assert.Equal(asked, cursor);
            asked = pages[_pages].NextCursor;
            return Task.FromResult(pages[_pages++]);
        });
        var ids = new List<string>();
        while (!listing.IsOver)
        {
            ids.AddRange((await listing.NextAsync()).Select(job => job.JobId));
        }

        return ids;
    }
}
