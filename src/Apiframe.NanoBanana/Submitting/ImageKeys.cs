using System;
using System.Collections.Generic;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>Gives each image of a call its idempotency key. Two images never get the same key.</summary>
internal sealed class ImageKeys
{
    private readonly Dictionary<string, IdempotencyScope> _scopes = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _used = [];

    /// <summary>
    /// Checks a request and gives it a key: its own key if it has one, because it then repeats a submission, or else the key of the scope, or else a new key.
    /// </summary>
    /// <param name="request">The complete request, with its reference images.</param>
    /// <param name="scope">The name of the idempotency scope. Null or empty if there is none.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, as for <see cref="SubmitRequest.Checked"/>.</exception>
    public SubmitRequest Give(SubmitRequest request, string? scope) =>
        string.IsNullOrWhiteSpace(scope) || !string.IsNullOrWhiteSpace(request.IdempotencyKey) ? request.Checked() : Scope(scope!.Trim()).Claim(request);

    /// <summary>Reserves the key of an image. Returns false if another image of this call has the same key.</summary>
    public bool TryTake(SubmitRequest image) => _used.Add(TextHash.Of(image.IdempotencyKey!));

    /// <summary>Returns one object for each name, because a scope counts equal requests.</summary>
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
