using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>
/// The submissions whose result is known and was not written yet. If the pipeline ends early, these jobs are billed, and no variable of the user contains them.
/// Safe to use from several threads.
/// </summary>
internal sealed class UnwrittenSubmissions
{
    private readonly ConcurrentDictionary<SubmitRequest, BananaJob> _jobs = new();
    private readonly ConcurrentDictionary<SubmitRequest, ApiframeException> _unknown = new();

    /// <summary>The start of the call, by the clock of this computer.</summary>
    public DateTime Begun { get; } = DateTime.Now;

    /// <summary>Waits for a submission, and keeps its job or the error of a submission whose outcome is unknown.</summary>
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

    /// <summary>Writes a job. A stopped pipeline accepts no output, so the job then counts as not written.</summary>
    public void Write(SubmitRequest image, BananaJob job, Action<BananaJob> write, CancellationToken stop)
    {
        // This comes first, because the receiver of the job can end the pipeline, as Select-Object -First does, and then the job was delivered.
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

    /// <summary>Removes a submission whose result was written.</summary>
    /// <param name="target">The request. Any other target belongs to another kind of work and is ignored.</param>
    public void Written(object target)
    {
        if (target is SubmitRequest image)
        {
            _jobs.TryRemove(image, out _);
            _unknown.TryRemove(image, out _);
        }
    }

    /// <summary>Removes and returns all jobs that were accepted and not written, and the errors of the prompts that may have been accepted.</summary>
    public (IReadOnlyList<BananaJob> Jobs, IReadOnlyList<ApiframeException> Unknown) Take() => (TakeAll(_jobs), TakeAll(_unknown));

    private static List<T> TakeAll<T>(ConcurrentDictionary<SubmitRequest, T> all)
        where T : class =>
        all.Keys.Select(image => all.TryRemove(image, out T? one) ? one : null).OfType<T>().ToList();
}
