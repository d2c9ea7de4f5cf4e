using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>
/// The submissions whose result is known and not written yet. If the pipeline ends early, these are the jobs that are paid for and that no variable holds.
/// Safe to use from several threads.
/// </summary>
internal sealed class UnwrittenSubmissions
{
    private readonly ConcurrentDictionary<SubmitRequest, BananaJob> _jobs = new();
    private readonly ConcurrentDictionary<SubmitRequest, ApiframeException> _unknown = new();

    /// <summary>When the call began, by this computer's clock.</summary>
    public DateTime Begun { get; } = DateTime.Now;

    /// <summary>Waits for a submission and keeps its job, or the error that leaves open whether there is one.</summary>
    public async Task<BananaJob> FollowAsync(SubmitRequest image, Task<BananaJob> submission)
    {
        try
        {
            return _jobs[image] = await submission.ConfigureAwait(false);
        }
        catch (ApiframeException e) when (e.Job is { } job)
        {
            _jobs[image] = job;
            throw;
        }
        catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.SubmissionUnknown)
        {
            _unknown[image] = e;
            throw;
        }
    }

    /// <summary>Writes a job. A pipeline that was stopped takes no more output, so the job then counts as not written.</summary>
    public void Write(SubmitRequest image, BananaJob job, Action<BananaJob> write, CancellationToken stop)
    {
        // First, because a write that ends the pipeline from within, as a full Select-Object does, has delivered the job.
        Written(image);
        try
        {
            write(job);
        }
        catch when (stop.IsCancellationRequested)
        {
            _jobs[image] = job;
            throw;
        }
    }

    /// <summary>Forgets a submission whose result was written.</summary>
    /// <param name="target">The request. Anything else is the target of another kind of work, and is ignored.</param>
    public void Written(object target)
    {
        if (target is SubmitRequest image)
        {
            _jobs.TryRemove(image, out _);
            _unknown.TryRemove(image, out _);
        }
    }

    /// <summary>Takes out all jobs that were accepted and not written, and the errors of the prompts that may have been accepted.</summary>
    public (IReadOnlyList<BananaJob> Jobs, IReadOnlyList<ApiframeException> Unknown) Take() => (TakeAll(_jobs), TakeAll(_unknown));

    private static List<T> TakeAll<T>(ConcurrentDictionary<SubmitRequest, T> all)
        where T : class =>
        all.Keys.Select(image => all.TryRemove(image, out T? one) ? one : null).OfType<T>().ToList();
}
