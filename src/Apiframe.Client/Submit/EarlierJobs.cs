using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Retry;

namespace Apiframe.Client.Submit;

/// <summary>
/// Finds the job of an image that an earlier run of its scope has submitted, if the service knows the key with another request, because an upload has another
/// address in each run. If the result is ambiguous, no job is returned, because a wrong job would be the image of another prompt.
/// </summary>
/// <remarks>Each object is for all requests of a run. Safe to use from several threads.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to release as long as nobody asks for its wait handle.")]
internal sealed class EarlierJobs
{
    /// <summary>The time for which a list is used again, because a repeated batch has many images to find.</summary>
    private static readonly TimeSpan ListLasts = TimeSpan.FromMinutes(1);

    private readonly ApiframeClient _client;
    private readonly Clock _clock;
    private readonly ReferenceContents _contents;
    private readonly Dictionary<Guid, Guid> _owners = [];
    private readonly Dictionary<string, BananaJob> _told = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _turn = new(1);
    private AccountHistory? _history;
    private TimeSpan _readAt;

    public EarlierJobs(ApiframeClient client)
    {
        _client = client;
        _clock = client.Connection.Session.Clock;
        _contents = new ReferenceContents(client.Connection);
    }

    /// <summary>Records the owner of a job, so that no other request of the run gets it.</summary>
    public void Claim(BananaJob job) => Claim(job.JobId, job.IdempotencyKey!);

    /// <summary>Returns the claimed job of an earlier run with its current status, or null if it cannot be determined.</summary>
    /// <param name="image">The request, with the paths of local files.</param>
    /// <param name="sent">The request as it was sent and rejected, with the addresses of uploads.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<BananaJob?> FindAsync(SubmitRequest image, SubmitRequest sent, CancellationToken cancellationToken)
    {
        BananaJob found;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await OneOfAccountAsync(image, sent, cancellationToken).ConfigureAwait(false) is not { } one)
            {
                return null;
            }

            Claim(one.JobId, sent.IdempotencyKey!);
            found = one;
        }
        catch (ApiframeException)
        {
            // The conflict about the key has more information than the failure to read the jobs of the account.
            return null;
        }
        finally
        {
            _turn.Release();
        }

        return await AsOfAsync(found, image, sent, cancellationToken).ConfigureAwait(false);
    }

    private void Claim(string jobId, string key)
    {
        lock (_owners)
        {
            _owners[JobHash(jobId)] = TextHash.Of(key);
        }
    }

    private bool BelongsToOther(string jobId, string key)
    {
        lock (_owners)
        {
            return _owners.TryGetValue(JobHash(jobId), out Guid owner) && owner != TextHash.Of(key);
        }
    }

    private static Guid JobHash(string jobId) => TextHash.Of(jobId.ToUpperInvariant());

    private async Task<BananaJob?> OneOfAccountAsync(SubmitRequest image, SubmitRequest sent, CancellationToken cancellationToken)
    {
        DateTimeOffset since = _clock.UtcNow - IdempotencyScope.KeyLifetime - JournalPlan.ClockMargin;
        if (_history is null || _clock.Elapsed - _readAt > ListLasts)
        {
            _readAt = _clock.Elapsed;
            _history = await AccountHistory.ReadAsync(_client, since, cancellationToken).ConfigureAwait(false);
        }

        if (!_history.IsComplete)
        {
            return null;
        }

        BananaJob[] free = [.. _history.Jobs.Reverse().Where(job => !(job.CreatedAt < since)
            && RequestLikeness.OfModels(image.Model, job.Model) != Likeness.Other
            && !BelongsToOther(job.JobId, sent.IdempotencyKey!))];
        BananaJob[] unknown = [.. free.Where(job => !_told.ContainsKey(job.JobId))];
        foreach (BananaJob job in await AccountHistory.AskAsync(_client, unknown, cancellationToken).ConfigureAwait(false))
        {
            _told[job.JobId] = job;
        }

        int[] uploads = [.. Enumerable.Range(0, image.ReferenceImage.Count).Where(index => WebUrl.Parse(image.ReferenceImage[index]) is null)];
        var compared = free.Select(job => _told[job.JobId])
            .Select(job => (Job: job, Likeness: RequestLikeness.Of(image.Prompt, image.ToOptions(), uploads, [sent.ReferenceImage], job)))
            // A job with the same uploads was submitted in this run. The service has just reported that the key belongs to another job, so it is excluded.
            .Where(one => one.Likeness != Likeness.Other && !(uploads.Length > 0 && one.Likeness == Likeness.Same))
            .ToList();
        return compared.Exists(one => one.Likeness == Likeness.Doubtful)
            ? null
            : await OneOfAsync([.. compared.Select(one => one.Job).OrderBy(job => job.CreatedAt)], sent, uploads, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns the matching one of several jobs that differ only in uploads, or the last one if the others are refunded attempts at the same image.
    /// </summary>
    private async Task<BananaJob?> OneOfAsync(BananaJob[] jobs, SubmitRequest sent, int[] uploads, CancellationToken cancellationToken)
    {
        bool?[] same = await Task.WhenAll(jobs.Select(job => HasUploadsAsync(job, sent, uploads, cancellationToken))).ConfigureAwait(false);
        BananaJob[] certain = [.. jobs.Where((_, index) => same[index] == true)];
        BananaJob[] possible = [.. jobs.Where((_, index) => same[index] != false)];
        return certain.Length > 0
            ? certain.Take(certain.Length - 1).All(job => job.IsRefunded) ? certain[certain.Length - 1] : null
            : possible.Length == 1 ? possible[0] : null;
    }

    /// <summary>Returns whether a job was made from the same files, or null if their content can no longer be compared.</summary>
    private async Task<bool?> HasUploadsAsync(BananaJob job, SubmitRequest sent, int[] uploads, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> told = job.Options.ReferenceImage;
        if (told.Count != sent.ReferenceImage.Count)
        {
            return null;
        }

        bool?[] same = await Task.WhenAll(uploads.Select(
            index => _contents.AreSameAsync(sent.ReferenceImage[index], told[index], cancellationToken))).ConfigureAwait(false);
        return Array.IndexOf(same, false) >= 0 ? false : Array.IndexOf(same, null) >= 0 ? null : true;
    }

    /// <summary>Returns the job with its current status, and with the properties that only this run knows.</summary>
    private async Task<BananaJob> AsOfAsync(BananaJob found, SubmitRequest image, SubmitRequest sent, CancellationToken cancellationToken)
    {
        var known = new BananaJob
        {
            JobId = found.JobId,
            Status = found.Status,
            Prompt = sent.PromptOrNull,
            Options = found.Options,
            ImageUrls = found.ImageUrls,
            Error = found.Error,
            CreditCost = found.CreditCost,
            CreatedAt = found.CreatedAt,
            CompletedAt = found.CompletedAt,
            IdempotencyKey = sent.IdempotencyKey,
            RawJson = found.RawJson,
            IsTold = found.IsTold,
            Connection = _client.Connection,
            WantsWebhook = sent.WebhookUrl is not null,
            Retry = FailedJobRetry.RequestOf(image, sent.IdempotencyKey),
        };
        try
        {
            return await _client.GetJobAsync(known, retry: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiframeException)
        {
            return known;
        }
    }
}
