using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Retry;

namespace Apiframe.Client.Save;

/// <summary>The download of one image, with all attempts until it is complete, expired, or unavailable for too long.</summary>
internal sealed class ImageDownload
{
    /// <summary>The maximum number of addresses that are tried, because the service may return a newly signed address each time.</summary>
    private const int MaximumAddresses = 3;

    private readonly ApiframeConnection _connection;
    private readonly ImageTransfer _transfer;
    private readonly ConcurrentDictionary<string, TimeSpan> _failingHosts;
    private readonly Action<ApiframeRequestLog>? _log;
    private readonly DownloadPatience _patience;
    private ImageSource _source;

    /// <param name="connection">The connection, with its timeouts and its clock, for requests about the job.</param>
    /// <param name="transfer">Runs the attempts.</param>
    /// <param name="failingHosts">
    /// The start of the current failures of each host. All downloads of a call share it, so that the time for an outage is not spent again for each of a
    /// thousand images.
    /// </param>
    /// <param name="source">The image.</param>
    /// <param name="log">Called after each attempt.</param>
    public ImageDownload(
        ApiframeConnection connection,
        ImageTransfer transfer,
        ConcurrentDictionary<string, TimeSpan> failingHosts,
        ImageSource source,
        Action<ApiframeRequestLog>? log)
    {
        _connection = connection;
        _transfer = transfer;
        _failingHosts = failingHosts;
        _source = source;
        _log = log;
        _patience = new DownloadPatience(connection.DownloadTimeout, connection.RetryPolicy, connection.Session.NextRandom);
    }

    private DateTimeOffset Now => _connection.Session.Clock.UtcNow;

    /// <summary>Downloads the image to the partial file.</summary>
    /// <returns>The format of the complete image.</returns>
    /// <exception cref="ApiframeException">The error of the last attempt, or <see cref="ApiframeErrorKind.ImageExpired"/>, with the last known job.</exception>
    public async Task<ImageFormat> RunAsync(PartialFile partial, CancellationToken cancellationToken)
    {
        Clock clock = _connection.Session.Clock;
        TimeSpan began = clock.Elapsed;
        TimeSpan? missingSince = null;
        int failures = 0;
        int addresses = 1;
        for (int attempts = 1; ; attempts++)
        {
            TimeSpan started = clock.Elapsed;
            long length = partial.Length;
            ApiframeException failure;
            try
            {
                Uri origin = _source.Job is null ? _source.Url : _connection.BaseUri;
                ImageFormat format = await _transfer
                    .RunAsync(_source.Url, origin, partial, _connection.DownloadTimeout - (started - began), cancellationToken).ConfigureAwait(false);
                _failingHosts.TryRemove(_source.Url.Authority, out _);
                Log("200", started, retryIn: null);
                return format;
            }
            catch (ApiframeException e)
            {
                failure = e;
            }

            TimeSpan ended = clock.Elapsed;
            bool hasGrown = partial.Length > length;
            failures = hasGrown ? 1 : failures + 1;
            TimeSpan failingSince = FailingSince(failure, hasGrown, started);
            bool isMissing = DownloadPatience.IsMissing(failure);
            missingSince ??= isMissing ? started : null;
            bool isGone = isMissing && (failure.StatusCode == 410 || _source.Job?.MayHaveExpired(Now) == true);
            bool? isElsewhere = !isGone ? null
                : _source.Job is { Expired: false } && addresses < MaximumAddresses ? await FindAsync(partial, cancellationToken).ConfigureAwait(false)
                : false;
            addresses += isElsewhere == true ? 1 : 0;

            TimeSpan? delay = isElsewhere == false ? null : _patience.DelayBeforeNext(
                failure,
                failures,
                triedFor: ended - (failingSince < began ? failingSince : began),
                missingFor: ended - (missingSince ?? ended),
                _source.Job?.Age(Now));
            Log(failure.StatusCode?.ToString(CultureInfo.InvariantCulture) ?? failure.Kind.ToString(), started, delay);
            if (delay is null)
            {
                throw isElsewhere == false ? Expired(failure) : Final(failure, attempts, ended - began);
            }

            await clock.Delay(delay.Value, cancellationToken).ConfigureAwait(false);
            if (isMissing && !isGone)
            {
                await FindAsync(partial, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Returns when the host began to fail. A host that sent data, or whose response was only about this image, is not failing.
    /// </summary>
    private TimeSpan FailingSince(ApiframeException failure, bool hasGrown, TimeSpan started)
    {
        if (!hasGrown && failure.Kind == ApiframeErrorKind.DownloadFailed && failure.StatusCode is null or 429 or >= 500)
        {
            return _failingHosts.GetOrAdd(_source.Url.Authority, started);
        }

        _failingHosts.TryRemove(_source.Url.Authority, out _);
        return started;
    }

    /// <summary>Requests the job again for the current address of its image.</summary>
    /// <returns>Whether the image has another address. Null if that is unknown.</returns>
    private async Task<bool?> FindAsync(PartialFile partial, CancellationToken cancellationToken)
    {
        if (_source.Job is not { } job)
        {
            return null;
        }

        Uri before = _source.Url;
        try
        {
            BananaJob asked = await new ApiframeClient(_connection, _log).GetJobAsync(job, retry: false, cancellationToken).ConfigureAwait(false);
            _source = _source.In(asked);
        }
        catch (ApiframeException)
        {
            // The image may still arrive at its previous address.
            return null;
        }

        if (_source.Url == before)
        {
            return false;
        }

        partial.Restart();
        return true;
    }

    private ApiframeException Expired(ApiframeException failure) => new(
        ApiframeErrorKind.ImageExpired, $"{_source.Url.Host} no longer stores the image (HTTP status {failure.StatusCode}).")
    {
        StatusCode = failure.StatusCode,
        Job = _source.Job,
        Charge = _source.Job is null ? null : Charge.Billed,
    };

    private ApiframeException Final(ApiframeException failure, int attempts, TimeSpan time) => new(
        failure.Kind, attempts == 1 ? failure.Message : $"{failure.Message} The download was tried {attempts} times within {time.TotalSeconds:0} seconds.")
    {
        StatusCode = failure.StatusCode,
        RetryAfter = failure.RetryAfter,
        Job = _source.Job,
        Charge = _source.Job is null ? null : Charge.Billed,
    };

    private void Log(string outcome, TimeSpan started, TimeSpan? retryIn) => _log?.Invoke(
        new ApiframeRequestLog("GET", _source.Url.Host + _source.Url.AbsolutePath, outcome, _connection.Session.Clock.Elapsed - started, RequestId: null, retryIn));
}
