using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Submit;

/// <summary>Identifies an image in all runs and on all computers: by the whole request, with the content of local files instead of their paths.</summary>
/// <remarks>Each object reads each file once. Safe to use from several threads.</remarks>
internal sealed class RequestFingerprint
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary>Returns an idempotency key that depends only on the parts.</summary>
    public static string Key(string prefix, params string[] parts) => prefix + Sha256.Of(Encoding.UTF8.GetBytes(string.Join("\n", parts))).Substring(0, 40);

    /// <summary>Returns 64 hexadecimal digits that are the same for equal requests.</summary>
    /// <param name="image">A request from <see cref="SubmitRequest.Checked"/>. Its idempotency key is ignored.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: a local file cannot be read.</exception>
    public string Of(SubmitRequest image)
    {
        // This form can represent every request, so the fingerprint does not depend on the form that the service accepts.
        byte[] body = RequestBody.Write(
            image with { ReferenceImage = [.. image.ReferenceImage.Select(reference => WebUrl.Parse(reference) is null ? OfFile(reference) : reference)] },
            RequestForm.OpenApi);
        // The fingerprint of a prompt does not contain the endpoint, because it was defined before there were other endpoints.
        return Sha256.Of(image.Edit is null ? body : [.. Encoding.ASCII.GetBytes(image.Path + "\n"), .. body]);
    }

    /// <summary>Returns the text that represents a local file: <see cref="LocalReference.FingerprintMark"/> and the SHA-256 hash of its content.</summary>
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
