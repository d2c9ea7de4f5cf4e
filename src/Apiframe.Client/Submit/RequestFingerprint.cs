using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Submit;

/// <summary>What tells one image from another over runs and machines: the whole request, with the content of local files in the place of their paths.</summary>
/// <remarks>One object reads each file once. Safe to use from several threads.</remarks>
internal sealed class RequestFingerprint
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary>An idempotency key that is the same whenever the parts are.</summary>
    public static string Key(string prefix, params string[] parts) => prefix + Sha256.Of(Encoding.UTF8.GetBytes(string.Join("\n", parts))).Substring(0, 40);

    /// <summary>64 hexadecimal digits, the same for equal requests.</summary>
    /// <param name="image">A request as of <see cref="SubmitRequest.Checked"/>. Its idempotency key does not count.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: a local file cannot be read.</exception>
    public string Of(SubmitRequest image)
    {
        // This form can say every request, so the fingerprint does not depend on which one the service takes.
        byte[] body = RequestBody.Write(
            image with { ReferenceImage = [.. image.ReferenceImage.Select(reference => WebUrl.Parse(reference) is null ? OfFile(reference) : reference)] },
            RequestForm.OpenApi);
        // Without the endpoint, as all were before there were others.
        return Sha256.Of(image.Edit is null ? body : [.. Encoding.ASCII.GetBytes(image.Path + "\n"), .. body]);
    }

    /// <summary>What stands for a local file: <see cref="LocalReference.FingerprintMark"/> and the SHA-256 of its content.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the file cannot be read.</exception>
    public string OfFile(string path)
    {
        lock (_files)
        {
            if (!_files.TryGetValue(path, out string? fingerprint))
            {
                fingerprint = LocalReference.Fingerprint(path);
                _files.Add(path, fingerprint);
            }

            return fingerprint;
        }
    }
}
