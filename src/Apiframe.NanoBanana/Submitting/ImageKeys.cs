using System;
using System.Collections.Generic;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>Gives each image of a call the idempotency key that it is submitted under, and no key to two of them.</summary>
internal sealed class ImageKeys
{
    private readonly Dictionary<string, IdempotencyScope> _scopes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>
    /// Checks a request and gives it a key: its own if it has one, because it then repeats a submission; otherwise the scope's; otherwise a new one.
    /// </summary>
    /// <param name="request">The whole request, with its reference images.</param>
    /// <param name="scope">The name of its idempotency scope; null or blank if there is none.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, as of <see cref="SubmitRequest.Checked"/>.</exception>
    public SubmitRequest Give(SubmitRequest request, string? scope) =>
        string.IsNullOrWhiteSpace(scope) || !string.IsNullOrWhiteSpace(request.IdempotencyKey) ? request.Checked() : Scope(scope!.Trim()).Claim(request);

    /// <summary>Takes the key of an image. False if another image of this call has it.</summary>
    public bool TryTake(SubmitRequest image) => _used.Add(image.IdempotencyKey!);

    /// <summary>One object for each name, because a scope counts equal requests.</summary>
    private IdempotencyScope Scope(string name)
    {
        if (!_scopes.TryGetValue(name, out IdempotencyScope? scope))
        {
            scope = new IdempotencyScope(name);
            _scopes.Add(name, scope);
        }

        return scope;
    }
}
