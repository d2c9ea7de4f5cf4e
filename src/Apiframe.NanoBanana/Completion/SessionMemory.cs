using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Completion;

/// <summary>
/// What the cmdlets of this process have learned last, for Tab to offer: jobs and prices. It is in memory only, and nothing but completion uses it. Safe to use
/// from several threads.
/// </summary>
internal static class SessionMemory
{
    private const int MostJobs = 100;

    private static readonly object Lock = new();
    private static readonly Dictionary<string, SeenJob> JobById = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<string, CreditPrice> PriceByModel = new(StringComparer.OrdinalIgnoreCase);
    private static string? _priced;

    /// <summary>Of the jobs that were written, the hundred that were made last; newest first.</summary>
    public static IReadOnlyList<SeenJob> Jobs
    {
        get
        {
            lock (Lock)
            {
                return JobById.Values.OrderByDescending(job => job.CreatedAt).ToList();
            }
        }
    }

    /// <summary>A job was written.</summary>
    public static void Add(BananaJob job)
    {
        lock (Lock)
        {
            JobById.TryGetValue(job.JobId, out SeenJob? before);
            // A list of jobs does not tell their prompts.
            JobById[job.JobId] = new SeenJob(job.JobId, job.Status, job.Prompt ?? before?.Prompt, job.CreatedAt);
            if (JobById.Count > MostJobs)
            {
                JobById.Remove(JobById.Values.OrderBy(seen => seen.CreatedAt).First().JobId);
            }
        }
    }

    /// <summary>A service has told its prices. Those of another service are forgotten.</summary>
    /// <param name="service">The address of the service.</param>
    /// <param name="models">Its models.</param>
    public static void Add(Uri service, IReadOnlyList<BananaModel> models)
    {
        lock (Lock)
        {
            if (_priced != Host(service))
            {
                PriceByModel.Clear();
                _priced = Host(service);
            }

            foreach (CreditPrice price in models.Select(model => CreditPrice.Of(models, model.Model)).OfType<CreditPrice>())
            {
                PriceByModel[price.Model] = price;
            }
        }
    }

    /// <summary>The price of a model at a service; null if it has not been seen.</summary>
    public static CreditPrice? Price(Uri service, string model)
    {
        lock (Lock)
        {
            return _priced == Host(service) && PriceByModel.TryGetValue(model, out CreditPrice? price) ? price : null;
        }
    }

    private static string Host(Uri service) => service.GetLeftPart(UriPartial.Authority);
}

/// <summary>What is kept of a job. Not the job itself, which holds its connection.</summary>
internal sealed record SeenJob(string JobId, string Status, string? Prompt, DateTimeOffset? CreatedAt);
