using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>
/// What submissions have come to and what nobody has been told yet. If the pipeline ends early, these are the jobs that are paid for and that no variable holds.
/// Safe to use from several threads.
/// </summary>
internal sealed class UnwrittenSubmissions
{
    private readonly ConcurrentDictionary<string, BananaJob> _jobs = new();
    private readonly ConcurrentDictionary<string, ApiframeException> _unknown = new();

    /// <summary>The jobs that were accepted and not written.</summary>
    public IReadOnlyList<BananaJob> Jobs => _jobs.Values.ToList();

    /// <summary>The errors of those that may have been accepted, and that were not written.</summary>
    public IReadOnlyList<ApiframeException> Unknown => _unknown.Values.ToList();

    /// <summary>Takes in that the service has accepted the image of this key.</summary>
    public void Add(string key, BananaJob job) => _jobs[key] = job;

    /// <summary>Takes in that the service may have accepted the image of this key.</summary>
    public void Add(string key, ApiframeException unknown) => _unknown[key] = unknown;

    /// <summary>Takes in that what became of the image of this key is in the output.</summary>
    public void Written(string key)
    {
        _jobs.TryRemove(key, out _);
        _unknown.TryRemove(key, out _);
    }
}
