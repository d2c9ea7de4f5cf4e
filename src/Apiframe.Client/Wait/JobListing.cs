using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Apiframe.Client.Wait;

/// <summary>Reads a list of jobs page by page, each job once, to its end, also if the service never says that it has one.</summary>
/// <remarks>Used by one reader at a time.</remarks>
public sealed class JobListing
{
    /// <summary>A page may be empty because what it held was filtered out, but not one after the other.</summary>
    private const int MostPagesWithoutNews = 5;

    private readonly Func<string?, Task<JobPage>> _page;
    private readonly HashSet<string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _cursors = new(StringComparer.Ordinal);
    private string? _cursor;
    private int _pagesWithoutNews;

    /// <summary>Begins at the first page.</summary>
    /// <param name="page">Asks for the page at a cursor; null for the first.</param>
    public JobListing(Func<string?, Task<JobPage>> page) => _page = page;

    /// <summary>Whether the last page was read. A cursor that comes twice ends the list too.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The jobs of the next page that no page before has shown.</summary>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.InvalidResponse"/>: page after page shows nothing new, and there is always another one. Or what the request failed with.
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
