using System;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Retry;

namespace Apiframe.Client.Transport;

/// <summary>Sends a request until there is a response or the retry policy ends. The key is sent only here.</summary>
internal sealed class ApiTransport
{
    /// <summary>The maximum size of a response. A page of 100 jobs is smaller than 200 KB, and an endless response must not fill the memory.</summary>
    private const int MaximumAnswerBytes = 16 * 1024 * 1024;

    private const int ReadSize = 16 * 1024;

    /// <summary>
    /// The time for the response to a submission that was already sent when the caller cancels it. The job may be paid for, and only the response contains its
    /// ID.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ApiframeConnection _connection;
    private readonly RetryPolicy _policy;
    private readonly Action<ApiframeRequestLog>? _log;

    public ApiTransport(ApiframeConnection connection, RetryPolicy policy, Action<ApiframeRequestLog>? log)
    {
        _connection = connection;
        _policy = policy;
        _log = log;
    }

    /// <summary>Sends a request and returns the JSON of the successful response.</summary>
    /// <param name="request">The request.</param>
    /// <param name="problem">Returns the problem with a response, or null. A request whose response has a problem is retried like one without a
    /// response.</param>
    /// <param name="retry">False for callers with their own retry rule.</param>
    /// <param name="cancellationToken">Cancels the request at once. A request with an idempotency key that was already sent has two seconds to get a
    /// response.</param>
    /// <exception cref="ApiframeException">There was no successful response after all retries.</exception>
    public async Task<JsonElement> SendAsync(
        ApiRequest request, Func<JsonElement, string?> problem, bool retry, CancellationToken cancellationToken)
    {
        if (request.NeedsKey && _connection.ApiKey is null)
        {
            throw ApiframeException.NotSent("No API key was found.", ApiframeErrorKind.MissingApiKey);
        }

        Clock clock = _connection.Session.Clock;
        int failures = 0;
        int refusals = 0;
        TimeSpan? limitedSince = null;
        TimeSpan LimitedFor() => clock.Elapsed - (limitedSince ?? clock.Elapsed);
        while (true)
        {
            limitedSince ??= _connection.Session.RateGate.HeldFor > TimeSpan.Zero ? clock.Elapsed : null;
            TimeSpan held = await _connection.Session.RateGate.WaitAsync(
                _policy.RateLimitTimeout - LimitedFor(), goesFirst: request.Method == HttpMethod.Post, cancellationToken).ConfigureAwait(false);
            if (held > TimeSpan.Zero)
            {
                throw HeldBack(held);
            }

            DateTimeOffset startedAt = clock.UtcNow;
            TimeSpan started = clock.Elapsed;
            HttpContent? content = await request.ContentAsync(cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            ApiframeException failure;
            try
            {
                ApiAnswer answer = await SendOnceAsync(request, content, cancellationToken).ConfigureAwait(false);
                JsonElement json = answer.ReadSuccess(problem);
                Log(request, Text(answer.StatusCode), clock.Elapsed - started, answer.RequestId, null);
                return json;
            }
            catch (ApiframeException e)
            {
                failure = e;
            }
            catch (OperationCanceledException)
            {
                request.Outcome.UnknownSince ??= startedAt;
                throw;
            }

            TimeSpan duration = clock.Elapsed - started;
            bool refused = failure.Kind == ApiframeErrorKind.RateLimited;
            _ = refused ? refusals++ : failures++;
            limitedSince ??= refused ? started : null;
            request.Outcome.UnknownSince ??= failure.OutcomeUnknown ? startedAt : null;
            TimeSpan? delay = retry ? _policy.DelayBeforeNext(failure, request.IsRepeatable, failures, refusals, LimitedFor()) : null;
            Log(request, failure.StatusCode is { } status ? Text(status) : failure.Kind.ToString(), duration, failure.RequestId, delay);

            bool concernsStatus = refused && (failure.RetryAfter is not null || request.Method == HttpMethod.Get);
            if (concernsStatus)
            {
                _connection.Session.RateGate.Refuse();
            }

            // A 429 with a time is about the account. Without a time, it can be about the team's concurrent jobs, which concerns only submissions.
            bool holdsAll = refused && failure.RetryAfter is not null;
            if (holdsAll)
            {
                _connection.Session.RateGate.Hold(_policy.Obeyed(failure.RetryAfter!.Value));
            }

            if (delay is null)
            {
                throw failure;
            }

            if (!holdsAll)
            {
                await clock.Delay(delay.Value, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private ApiframeException HeldBack(TimeSpan time) => new(
        ApiframeErrorKind.RateLimited,
        $"The service accepts no requests for another {Math.Ceiling(time.TotalSeconds):0} s. The rate limit timeout is {_policy.RateLimitTimeout.TotalSeconds:0.###} s.")
    {
        RetryAfter = time,
    };

    private async Task<ApiAnswer> SendOnceAsync(ApiRequest request, HttpContent? content, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(_connection.BaseUri, request.Path));
        if (request.NeedsKey)
        {
            message.Headers.TryAddWithoutValidation("X-API-Key", _connection.ApiKey);
        }

        message.Headers.TryAddWithoutValidation("User-Agent", _connection.UserAgent);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (request.IdempotencyKey is not null)
        {
            message.Headers.TryAddWithoutValidation("Idempotency-Key", request.IdempotencyKey);
        }

        message.Content = content;
        using var timeout = new CancellationTokenSource(_connection.RequestTimeout);
        using CancellationTokenRegistration stop = cancellationToken.Register(request.IdempotencyKey is null ? timeout.Cancel : () => timeout.CancelAfter(Grace));
        try
        {
            HttpResponseMessage response =
                await _connection.Session.Api.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
            using var body = new ResponseBody(response, ReadSize);
            byte[] bytes = await body.ReadToEndAsync(MaximumAnswerBytes, timeout.Token).ConfigureAwait(false) ?? throw TooLong();
            return ApiAnswer.From(request, response, bytes, _connection);
        }
        catch (Exception e) when (e is not ApiframeException)
        {
            throw Lost(e, timeout.IsCancellationRequested, cancellationToken);
        }
    }

    /// <summary>
    /// Returns the exception for an exception of the HTTP stack. Its possible types cannot be listed. For example, a body with a wrong encoding causes another
    /// type.
    /// </summary>
    private Exception Lost(Exception e, bool isLate, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // A new exception is created, because that of HttpClient contains exceptions of the network stack.
            return new OperationCanceledException(cancellationToken);
        }

        return isLate
            ? new ApiframeException(
                ApiframeErrorKind.RequestTimeout,
                $"{_connection.BaseUri.Host} did not respond within {_connection.RequestTimeout.TotalSeconds:0.###} s.") { OutcomeUnknown = true }
            : new ApiframeException(
                ApiframeErrorKind.Network,
                $"The connection to {_connection.BaseUri.Host} failed: {_connection.Secrets.TextOf(e)}") { OutcomeUnknown = !NeverConnected(e) };
    }

    /// <summary>Whether certainly no byte has reached the service.</summary>
    private static bool NeverConnected(Exception? e) => e switch
    {
        null => false,
        SocketException
        {
            SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown,
        } => true,
        // These are the exceptions of .NET Framework, which can have no inner SocketException.
        WebException
        {
            Status: WebExceptionStatus.ConnectFailure or WebExceptionStatus.NameResolutionFailure or WebExceptionStatus.ProxyNameResolutionFailure,
        } => true,
        _ => NeverConnected(e.InnerException),
    };

    private ApiframeException TooLong() => new(
        ApiframeErrorKind.InvalidResponse,
        $"{_connection.BaseUri.Host} sent more than {MaximumAnswerBytes / (1024 * 1024)} MB, but a short JSON response was expected.") { OutcomeUnknown = true };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    private void Log(ApiRequest request, string outcome, TimeSpan duration, string? requestId, TimeSpan? retryIn) =>
        _log?.Invoke(new ApiframeRequestLog(request.Method.Method, request.LoggedPath, outcome, duration, requestId, retryIn));
}
