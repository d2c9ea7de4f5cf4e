using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Apiframe.Client.Submit;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client;

/// <summary>
/// Idempotency keys for a batch that may be run again. A key is made of the scope's name, the whole request and its place among equal requests, so the same
/// batch gets the same keys in every run and on every machine, and the service gives back the jobs that it has accepted before (for 24 hours, contract section 7).
/// </summary>
/// <remarks>One object counts for one run. Safe to use from several threads.</remarks>
public sealed class IdempotencyScope
{
    /// <summary>How long the service knows a key.</summary>
    internal static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    private readonly Dictionary<string, int> _equalRequests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fingerprints = new(StringComparer.Ordinal);
    private readonly string _name;

    /// <summary>Begins a run.</summary>
    /// <param name="name">Any text that names the batch: the same in every run of it, another one when the images are wanted anew.</param>
    public IdempotencyScope(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentException("A scope needs a name.", nameof(name));
        }

        _name = name.Trim();
    }

    /// <summary>The request, checked and under its key. Of equal requests each call takes the next, because an image that is wanted twice is made twice.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, as of <see cref="SubmitRequest.Checked"/>.</exception>
    public SubmitRequest Claim(SubmitRequest request)
    {
        SubmitRequest image = request.Checked();
        // This form can say every request, so the key does not depend on which one the service takes.
        byte[] body = GenerateBody.Write(
            image with { ReferenceImage = image.ReferenceImage.Select(reference => WebUrl.Parse(reference) is null ? Fingerprint(reference) : reference).ToList() },
            RequestForm.OpenApi);
        string equal = Hash(body);
        int ordinal;
        lock (_equalRequests)
        {
            ordinal = _equalRequests.TryGetValue(equal, out int seen) ? seen + 1 : 1;
            _equalRequests[equal] = ordinal;
        }

        string key = Hash(Encoding.UTF8.GetBytes($"{_name}\n{equal}\n{ordinal.ToString(CultureInfo.InvariantCulture)}"));
        return image with { IdempotencyKey = "scope-" + key.Substring(0, 40), IsScoped = true };
    }

    /// <summary>The key to submit under when the job of <paramref name="key"/> has failed: the failed one would come back under its own.</summary>
    internal static string Next(string key)
    {
        string[] parts = key.Split('.');
        int attempt = parts.Length == 1 ? 2 : int.Parse(parts[1], CultureInfo.InvariantCulture) + 1;
        return parts[0] + "." + attempt.ToString(CultureInfo.InvariantCulture);
    }

    private string Fingerprint(string path)
    {
        lock (_fingerprints)
        {
            if (!_fingerprints.TryGetValue(path, out string? fingerprint))
            {
                fingerprint = LocalReference.Fingerprint(path);
                _fingerprints.Add(path, fingerprint);
            }

            return fingerprint;
        }
    }

    private static string Hash(byte[] bytes)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(bytes).Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
