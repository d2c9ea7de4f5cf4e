using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.NanoBanana.Binding;
using Apiframe.NanoBanana.Completion;

namespace Apiframe.NanoBanana.Commands;

/// <summary>What the cmdlets that talk to the service share: the key, the number of things at once, and the way work is run and stopped.</summary>
public abstract class BananaCommand : PSCmdlet, IDisposable
{
    private const int DefaultThrottleLimit = 8;

    private readonly PipelinePump _pump;
    private readonly ProgressBar _progress;
    private readonly EnvironmentConnections _connections = new();
    private readonly Dictionary<ApiframeConnection, ApiframeClient> _clients = [];
    private readonly List<ApiframeException> _notNoted = [];

    private protected AccountStop AccountStop { get; } = new();

    private protected BananaCommand(string activity, int activityId, string verb = "done")
    {
        _progress = new ProgressBar(activity, verb, activityId, WriteProgress);
        _pump = new PipelinePump(() => _progress.Update(NearestPercent, SecondsLeft, Held));
    }

    /// <summary>The API key (afk_...). Without it, the key is taken from the environment variable APIFRAME_API_KEY.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SecretTransformation]
    [AllowNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>Where and as whom, from New-BananaConnection, instead of -ApiKey and the environment.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ApiframeConnection? Connection { get; set; }

    /// <summary>Send the key over plain http to another machine too, where everyone on the way can read it.</summary>
    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>How many requests may be under way at once, 1 to 64. The default is 8.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankIsDefault(DefaultThrottleLimit)]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = DefaultThrottleLimit;

    /// <summary>How long one request waits for 429 to pass; null for the default.</summary>
    private protected virtual TimeSpan? RateLimitTimeout => null;

    /// <summary>For the progress bar: how far the job is that will be done next.</summary>
    private protected virtual int? NearestPercent => null;

    /// <summary>For the progress bar: seconds until the last job is likely to be done.</summary>
    private protected virtual int? SecondsLeft => null;

    private TimeSpan Held => _clients.Values.Select(client => client.HeldBack).DefaultIfEmpty().Max();

    private protected CancellationToken StopToken => _pump.Token;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        WriteUntil(() => false);
        WriteKept();
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _pump.Stop();

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called on the pipeline thread when no work is under way any more: at the end, and earlier when the pipeline ends from within. It must not throw.</summary>
    private protected virtual void Ended()
    {
    }

    /// <summary>Runs work in the background and writes its result on the pipeline thread. Whatever it throws becomes an error about the target.</summary>
    /// <param name="target">What the work is about.</param>
    /// <param name="work">The work.</param>
    /// <param name="write">Writes its result.</param>
    /// <param name="limit">How much work may be under way at once; <see cref="ThrottleLimit"/> if not given.</param>
    /// <param name="notNoted">The result of work that was done, and that a journal could not take.</param>
    private protected void Run<T>(object target, Func<Task<T>> work, Action<T> write, int? limit = null, Func<ApiframeException, T>? notNoted = null)
    {
        _progress.Started();
        ClearingProgress(() => _pump.Start(
            async token =>
            {
                try
                {
                    T result = await work().ConfigureAwait(false);
                    return () =>
                    {
                        _progress.Done();
                        write(result);
                    };
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    return () => { };
                }
                catch (ApiframeException e) when (notNoted is not null && e.Kind == ApiframeErrorKind.JournalNotWritable && e.Job is not null)
                {
                    return () =>
                    {
                        _progress.Done();
                        _notNoted.Add(e);
                        Try(target, () => write(notNoted(e)));
                    };
                }
                catch (Exception e)
                {
                    return () =>
                    {
                        _progress.Failed();
                        WriteFailure(e, target);
                    };
                }
            },
            limit ?? ThrottleLimit));
    }

    /// <summary>For a result that only leads to more work about the same target: the progress bar counts the two as one.</summary>
    private protected void Continue() => _progress.Continued();

    /// <summary>Writes the error that work about the target has thrown. A refusal of the account is kept, because there may be more of them.</summary>
    private protected virtual void WriteFailure(Exception e, object target)
    {
        if (e is ApiframeException { ConcernsEveryRequest: true } refusal)
        {
            AccountStop.Keep(refusal, target);
        }
        else
        {
            WriteError(Errors.From(e, target));
        }
    }

    /// <summary>The error for everything that was kept for one refusal.</summary>
    private protected virtual ErrorRecord KeptError(ApiframeException refusal, IReadOnlyList<object> targets) => Errors.From(refusal, targets);

    /// <summary>Writes what finishes until nothing is under way or <paramref name="done"/> says that it is enough.</summary>
    private protected void WriteUntil(Func<bool> done)
    {
        ClearingProgress(() => _pump.WriteUntil(done));
        _progress.Complete();
    }

    /// <summary>Writes a job. Tab offers its ID from then on.</summary>
    private protected void WriteJob(BananaJob job)
    {
        SessionMemory.Add(job);
        WriteObject(job);
    }

    /// <summary>Writes one error for everything that an account was refused, and one for everything that was done and that a journal could not take.</summary>
    private protected void WriteKept()
    {
        foreach ((ApiframeException refusal, IReadOnlyList<object> targets) in AccountStop.Kept)
        {
            WriteError(KeptError(refusal, targets));
        }

        if (_notNoted.Count > 0)
        {
            WriteError(Errors.NotNoted(_notNoted));
        }
    }

    /// <summary>Writes what finishes until fewer than <paramref name="limit"/> are under way, <see cref="ThrottleLimit"/> if not given.</summary>
    private protected void WaitForPlace(int? limit = null) => ClearingProgress(() => _pump.WaitForPlace(limit ?? ThrottleLimit));

    /// <summary>Writes what finishes until nothing is under way or <paramref name="enough"/> says that the next may start.</summary>
    private protected void WaitUntil(Func<bool> enough) => ClearingProgress(() => _pump.WriteUntil(enough));

    /// <summary>Writes what finishes until nothing is under way.</summary>
    private protected void Drain() => WaitUntil(() => false);

    /// <summary>Waits for work that writes nothing, while what has finished is written.</summary>
    private protected void Await(Func<Task> work)
    {
        Task? done = null;
        ClearingProgress(() =>
        {
            _pump.Start(
                async _ =>
                {
                    Task ended = await Task.WhenAny(Task.Run(work, CancellationToken.None)).ConfigureAwait(false);
                    return () => done = ended;
                },
                int.MaxValue);
            _pump.WriteUntil(() => done is not null);
        });
        done!.GetAwaiter().GetResult();
    }

    /// <summary>Does <paramref name="step"/> now; whatever the core refuses becomes an error about the target, and the next record goes on.</summary>
    private protected bool Try(object target, Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (ApiframeException e)
        {
            WriteFailure(e, target);
            return false;
        }
    }

    /// <summary>The client for a job's own connection, else for the one that the parameters and the environment describe.</summary>
    /// <exception cref="ApiframeException">No key was found, or the base URI is not valid.</exception>
    private protected ApiframeClient ClientFor(BananaJob? job)
    {
        ApiframeConnection connection = job?.GetConnection() ?? ConnectionFromParameters();
        if (!_clients.TryGetValue(connection, out ApiframeClient? client))
        {
            client = new ApiframeClient(connection, LogRequest, RateLimitTimeout);
            _clients.Add(connection, client);
        }

        return client;
    }

    /// <summary>For the verbose stream; called from any thread.</summary>
    private protected void LogRequest(ApiframeRequestLog request) => LogLine(request.ToString());

    /// <inheritdoc cref="LogRequest"/>
    private protected void LogLine(string text) => _pump.Post(() => WriteVerbose(text));

    private ApiframeConnection ConnectionFromParameters()
    {
        if (Connection is not null)
        {
            return ApiKey is null ? Connection : throw ApiframeException.NotSent("-Connection and -ApiKey are both specified, but a connection already has a key. Specify only one of them.");
        }

        string key = ApiKey is null ? ServiceEnvironment.Current.ApiKey ?? string.Empty : new NetworkCredential(string.Empty, ApiKey).Password;
        return _connections.For(key, Host, AllowUnencryptedAuthentication);
    }

    /// <summary>Whatever ends the pipeline from within (an error under -ErrorAction Stop, a full Select-Object), no bar is left behind.</summary>
    private void ClearingProgress(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is not ApiframeException)
        {
            _progress.Complete();
            End();
            throw;
        }
    }

    private void End()
    {
        _pump.Dispose();
        Ended();
    }
}
