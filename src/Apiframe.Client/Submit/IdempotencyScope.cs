using System;
using System.Collections.Generic;
using System.Globalization;
using Apiframe.Client.Submit;

namespace Apiframe.Client;

/// <summary>
/// Idempotency keys for a batch that is run again. A key is derived from the name of the scope, the whole request, and its number among equal requests. The
/// same batch therefore has the same keys in every run and on every computer, and the service returns the jobs that it has accepted before, for 24 hours.
/// </summary>
/// <remarks>Each object is for one run. Safe to use from several threads.</remarks>
public sealed class IdempotencyScope
{
    /// <summary>The time for which the service knows a key, according to the API's OpenAPI description.</summary>
    internal static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    private readonly Dictionary<Guid, int> _equalRequests = [];
    private readonly RequestFingerprint _fingerprint = new();
    private readonly string _name;

    /// <summary>Begins a run.</summary>
    /// <param name="name">A text that identifies the batch: the same in every run, and another one to create the images again.</param>
    public IdempotencyScope(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentException("The name of the scope is empty. Specify at least one character.", nameof(name));
        }

        _name = name.Trim();
    }

    /// <summary>
    /// Returns the checked request with its key. Each call with an equal request gets the next key, because an image that is requested twice is created twice.
    /// </summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, as for <see cref="SubmitRequest.Checked"/>.</exception>
    public SubmitRequest Claim(SubmitRequest request)
    {
        SubmitRequest image = request.Checked();
        string equal = _fingerprint.Of(image);
        int ordinal;
        lock (_equalRequests)
        {
            Guid hash = TextHash.Of(equal);
            ordinal = _equalRequests.TryGetValue(hash, out int seen) ? seen + 1 : 1;
            _equalRequests[hash] = ordinal;
        }

        return image with { IdempotencyKey = RequestFingerprint.Key("scope-", _name, equal, ordinal.ToString(CultureInfo.InvariantCulture)), IsScoped = true };
    }

    /// <summary>
    /// Returns the key for another submission if the job of <paramref name="key"/> has failed. Under the same key, the service would return the failed job.
    /// </summary>
    internal static string Next(string key)
    {
        string[] parts = key.Split('.');
        int attempt = parts.Length == 1 ? 2 : int.Parse(parts[1], CultureInfo.InvariantCulture) + 1;
        return parts[0] + "." + attempt.ToString(CultureInfo.InvariantCulture);
    }
}
