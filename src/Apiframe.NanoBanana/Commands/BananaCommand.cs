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

/// <summary>The base class of the cmdlets that send requests: the key, the number of concurrent requests, and how work is run and stopped.</summary>
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
        _pump = new PipelinePump(() =>
        {
            if (_progress.IsDue)
            {
                _progress.Update(NearestPercent, SecondsLeft, Held);
            }
        });
    }

    /// <summary>The API key (afk_...). The default is the environment variable APIFRAME_API_KEY.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SecretTransformation]
    [AllowNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>A connection from New-BananaConnection, instead of -ApiKey and the environment variables.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ApiframeConnection? Connection { get; set; }

    /// <summary>Sends the key over HTTP to another computer, where everyone on the network path can read it.</summary>
    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>The maximum number of concurrent requests, 1 to 64. The default is 8.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankIsDefault(DefaultThrottleLimit)]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = DefaultThrottleLimit;

    /// <summary>The maximum time that a request waits for the rate limit, or null for the default.</summary>
    private protected virtual TimeSpan? RateLimitTimeout => null;

    /// <summary>The progress in percent of the job that is likely to finish next, for the progress bar, or null.</summary>
    private protected virtual int? NearestPercent => null;

    /// <summary>The number of seconds until the last job is likely to finish, for the progress bar, or null.</summary>
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

    /// <summary>
    /// Called on the pipeline thread after all work has ended: at the end, or earlier if the pipeline is ended by a downstream command or an error. Must not
    /// throw.
    /// </summary>
    private protected virtual void Ended()
    {
    }

    /// <summary>Runs work in the background and writes its result on the pipeline thread. Any exception becomes an error about the target.</summary>
    /// <param name="target">The target of errors.</param>
    /// <param name="work">The work.</param>
    /// <param name="write">Writes the result.</param>
    /// <param name="limit">The maximum amount of concurrent work. The default is <see cref="ThrottleLimit"/>.</param>
    /// <param name="notNoted">Returns the result of work that succeeded but could not be recorded in a journal.</param>
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

    /// <summary>Called for a result that only leads to more work for the same target. The progress bar counts both as one.</summary>
    private protected void Continue() => _progress.Continued();

    /// <summary>Writes the error of work for a target. A rejection of the account is kept, because more work can fail for the same reason.</summary>
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

    /// <summary>Creates the error for everything that was kept because of one rejection.</summary>
    private protected virtual ErrorRecord KeptError(ApiframeException refusal, IReadOnlyList<object> targets) => Errors.From(refusal, targets);

    /// <summary>Writes results until all work has ended or <paramref name="done"/> returns true.</summary>
    private protected void WriteUntil(Func<bool> done)
    {
        ClearingProgress(() => _pump.WriteUntil(done));
        _progress.Complete();
    }

    /// <summary>Writes a job. From then on, tab completion offers its ID.</summary>
    private protected void WriteJob(BananaJob job)
    {
        SessionMemory.Add(job);
        WriteObject(job);
    }

    /// <summary>Writes one error for everything that was kept for each account, and one for everything that could not be recorded in a journal.</summary>
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

    /// <summary>Writes results until less work than <paramref name="limit"/> is running. The default is <see cref="ThrottleLimit"/>.</summary>
    private protected void WaitForPlace(int? limit = null) => ClearingProgress(() => _pump.WaitForPlace(limit ?? ThrottleLimit));

    /// <summary>Writes results until all work has ended or <paramref name="enough"/> returns true.</summary>
    private protected void WaitUntil(Func<bool> enough) => ClearingProgress(() => _pump.WriteUntil(enough));

    /// <summary>Writes results until all work has ended.</summary>
    private protected void Drain() => WaitUntil(() => false);

    /// <summary>Waits for work without output, and writes the results of other work meanwhile.</summary>
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

    /// <summary>Runs <paramref name="step"/> now. An error of the client becomes an error about the target, and the next record is processed.</summary>
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

    /// <summary>Returns the client for the connection of a job, or else for the connection of the parameters and the environment.</summary>
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

    /// <summary>Writes a request to the verbose stream. Can be called from any thread.</summary>
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

    /// <summary>Runs a step, and removes the progress bar if an error under -ErrorAction Stop or a downstream command ends the pipeline.</summary>
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
