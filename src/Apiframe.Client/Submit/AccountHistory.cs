using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Wait;

namespace Apiframe.Client.Submit;

/// <summary>The jobs of the account back to a time, as the list contains them: without their requests.</summary>
/// <param name="Jobs">The jobs, newest first. The last ones can be older than that time.</param>
/// <param name="IsComplete">Whether the list reaches back to that time, as far as this can be determined.</param>
internal sealed record AccountHistory(IReadOnlyList<BananaJob> Jobs, bool IsComplete)
{
    /// <summary>The maximum number of concurrent requests for jobs.</summary>
    private const int Concurrency = 16;

    /// <summary>Reads the list, newest first, back to a time.</summary>
    /// <exception cref="ApiframeException">A request failed.</exception>
    public static async Task<AccountHistory> ReadAsync(ApiframeClient client, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var jobs = new List<BananaJob>();
        JobPage? page = null;
        var listing = new JobListing(async cursor =>
            page = await client.ListJobsAsync(new JobFilter(), ApiframeClient.MaximumPageSize, cursor, cancellationToken).ConfigureAwait(false));
        bool isBack = false;
        while (!isBack && !listing.IsOver)
        {
            IReadOnlyList<BananaJob> next = await listing.NextAsync().ConfigureAwait(false);
            jobs.AddRange(next);
            isBack = next.Any(job => job.CreatedAt < since);
        }

        return new AccountHistory(jobs, isBack || page?.IsLast == true);
    }

    /// <summary>
    /// Requests jobs to get their requests. If the service does not find a listed job, it is returned as in the list.
    /// </summary>
    /// <exception cref="ApiframeException">A request failed.</exception>
    public static async Task<IReadOnlyList<BananaJob>> AskAsync(ApiframeClient client, IReadOnlyList<BananaJob> listed, CancellationToken cancellationToken)
    {
        var told = new List<BananaJob>();
        for (int i = 0; i < listed.Count; i += Concurrency)
        {
            told.AddRange(await Task.WhenAll(listed.Skip(i).Take(Concurrency).Select(job => AskAsync(client, job, cancellationToken))).ConfigureAwait(false));
        }

        return told;
    }

    private static async Task<BananaJob> AskAsync(ApiframeClient client, BananaJob listed, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetJobAsync(listed, retry: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.NotFound)
        {
            return listed;
        }
    }
}
