using System;
using System.Collections.Generic;
using System.Globalization;
using Apiframe.Client.Submit;

namespace Apiframe.Client;

/// <summary>
/// Idempotency keys for a batch that may be run again. A key is made of the scope's name, the whole request and its place among equal requests, so the same
/// batch gets the same keys in every run and on every machine, and the service gives back the jobs that it has accepted before, for 24 hours.
/// </summary>
/// <remarks>One object counts for one run. Safe to use from several threads.</remarks>
public sealed class IdempotencyScope
{
    /// <summary>How long the service knows a key.</summary>
    internal static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    private readonly Dictionary<string, int> _equalRequests = new(StringComparer.Ordinal);
    private readonly RequestFingerprint _fingerprint = new();
    private readonly string _name;

    /// <summary>Begins a run.</summary>
    /// <param name="name">Any text that names the batch: the same in every run of it, another one when the images are to be made again.</param>
    public IdempotencyScope(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentException("The name of the scope is empty. Specify at least one character.", nameof(name));
        }

        _name = name.Trim();
    }

    /// <summary>The request, checked and under its key. Of equal requests each call takes the next, because an image that is wanted twice is made twice.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, as of <see cref="SubmitRequest.Checked"/>.</exception>
    public SubmitRequest Claim(SubmitRequest request)
    {
        SubmitRequest image = request.Checked();
        string equal = _fingerprint.Of(image);
        int ordinal;
        lock (_equalRequests)
        {
            ordinal = _equalRequests.TryGetValue(equal, out int seen) ? seen + 1 : 1;
            _equalRequests[equal] = ordinal;
        }

        return image with { IdempotencyKey = RequestFingerprint.Key("scope-", _name, equal, ordinal.ToString(CultureInfo.InvariantCulture)), IsScoped = true };
    }

    /// <summary>The key to submit under when the job of <paramref name="key"/> has failed: the failed one would come back under its own.</summary>
    internal static string Next(string key)
    {
        string[] parts = key.Split('.');
        int attempt = parts.Length == 1 ? 2 : int.Parse(parts[1], CultureInfo.InvariantCulture) + 1;
        return parts[0] + "." + attempt.ToString(CultureInfo.InvariantCulture);
    }
}
