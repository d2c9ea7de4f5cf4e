using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Apiframe.Client.Wait;

/// <summary>Reads all pages of a list of jobs, each job once. The reading ends even if the service never reports the last page.</summary>
/// <remarks>Used by one reader at a time.</remarks>
public sealed class JobListing
{
    /// <summary>The maximum number of consecutive pages without new jobs. A single page can be empty because of a filter.</summary>
    private const int MostPagesWithoutNews = 5;

    private readonly Func<string?, Task<JobPage>> _page;
    private readonly HashSet<string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _cursors = new(StringComparer.Ordinal);
    private string? _cursor;
    private int _pagesWithoutNews;

    /// <summary>Creates a listing that begins at the first page.</summary>
    /// <param name="page">Requests the page at a cursor. The cursor of the first page is null.</param>
    public JobListing(Func<string?, Task<JobPage>> page) => _page = page;

    /// <summary>Whether the last page was read. A repeated cursor also ends the list.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Returns the jobs of the next page that were on no earlier page.</summary>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.InvalidResponse"/>: several pages contained no new jobs, and there is always another page. Or the error of the request.
    /// </exception>
    public async Task<IReadOnlyList<BananaJob>> NextAsync()
    {
        JobPage page = await _page(_cursor).ConfigureAwait(false);
        var news = page.Jobs.Where(job => _ids.Add(job.JobId)).ToList();
        _cursor = page.NextCursor;
        IsOver = _cursor is null || !_cursors.Add(_cursor);
        _pagesWithoutNews = news.Count > 0 ? 0 : _pagesWithoutNews + 1;
        return IsOver || _pagesWithoutNews < MostPagesWithoutNews ? news : throw new ApiframeException(
            ApiframeErrorKind.InvalidResponse,
            $"The service's list of jobs does not end. The last {MostPagesWithoutNews} pages contained only jobs that were listed before, and the service reports more pages.");
    }
}
