using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Wait;
using Apiframe.NanoBanana.Binding;
using Apiframe.NanoBanana.Completion;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Waits for jobs and writes each job when it is completed.</summary>
/// <remarks>
/// Jobs are written in the order in which they end. A job that fails, is canceled, or takes longer than -Timeout is an error. Its TargetObject is the job,
/// which can be piped again. Temporary failures are retried within the timeout.
/// </remarks>
[Cmdlet(VerbsLifecycle.Wait, "BananaJob", DefaultParameterSetName = JobSet)]
[OutputType(typeof(BananaJob))]
public sealed class WaitBananaJobCommand : JobInputCommand
{
    private readonly Dictionary<ApiframeClient, JobWatcher> _watchers = [];
    private bool _anyCompleted;

    /// <summary>Called by PowerShell.</summary>
    public WaitBananaJobCommand()
        : base("Waiting for images", activityId: 3)
    {
    }

    /// <summary>The IDs of jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    public string[] JobId { get; set; } = [];

    /// <summary>
    /// The maximum time to wait for each job from the moment it is received: a number of seconds, or a time span such as 00:10:00. -1 waits without a limit.
    /// The default is 600.
    /// </summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [SecondsTransformation]
    [ValidateRange(-1, int.MaxValue)]
    public int Timeout { get; set; } = 600;

    /// <summary>Ends the wait after one job is completed. The other jobs continue at the service.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    private protected override int? NearestPercent => _watchers.Values.Max(watcher => watcher.NearestPercent);

    private protected override int? SecondsLeft => _watchers.Values.Max(watcher => watcher.SecondsLeft);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (BananaJob job in Jobs(JobId))
        {
            ApiframeClient client = ClientFor(job);
            if (AccountStop.TryKeep(client.Connection, job))
            {
                continue;
            }

            JobWatcher watcher = WatcherFor(client);
            Run(job, () => AccountStop.FollowAsync(client.Connection, () => WaitAsync(watcher, job)), WriteCompleted, limit: int.MaxValue, notNoted: e => Completed(e.Job!));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        WriteUntil(() => Any && _anyCompleted);
        WriteKept();
    }

    private static BananaJob Completed(BananaJob job)
    {
        job.EnsureCompleted();
        return job;
    }

    private async Task<BananaJob> WaitAsync(JobWatcher watcher, BananaJob job)
    {
        TimeSpan timeout = Timeout < 0 ? System.Threading.Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(Timeout);
        return Completed(await watcher.WaitAsync(job, timeout).ConfigureAwait(false));
    }

    private JobWatcher WatcherFor(ApiframeClient client)
    {
        if (!_watchers.TryGetValue(client, out JobWatcher? watcher))
        {
            watcher = new JobWatcher(client, ThrottleLimit, StopToken) { RetriesFailed = true, RetryLog = LogLine };
            _watchers.Add(client, watcher);
        }

        return watcher;
    }

    private protected override void WriteFailure(Exception e, object target)
    {
        if (e is ApiframeException { Job: { } job })
        {
            WarnIfWithoutWebhook(job);
        }

        base.WriteFailure(e, target);
    }

    private void WriteCompleted(BananaJob job)
    {
        WarnIfWithoutWebhook(job);
        if (Any && _anyCompleted)
        {
            return;
        }

        _anyCompleted = true;
        WriteJob(job);
    }
}
