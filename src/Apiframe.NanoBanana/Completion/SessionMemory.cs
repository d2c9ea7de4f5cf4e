using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Completion;

/// <summary>
/// The jobs and prices that the cmdlets of this process received last, for tab completion. They are only in memory, and only completion uses them. Safe to use
/// from several threads.
/// </summary>
internal static class SessionMemory
{
    private const int MostJobs = 100;

    private static readonly object Lock = new();
    private static readonly Dictionary<string, SeenJob> JobById = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<string, CreditPrice> PriceByModel = new(StringComparer.OrdinalIgnoreCase);
    private static string? _priced;

    /// <summary>The hundred newest of the jobs that were written, newest first.</summary>
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

    public static void Add(BananaJob job)
    {
        lock (Lock)
        {
            JobById.TryGetValue(job.JobId, out SeenJob? before);
            // The jobs of a list have no prompts.
            JobById[job.JobId] = new SeenJob(job.JobId, job.Status, job.Prompt ?? before?.Prompt, job.CreatedAt);
            if (JobById.Count > MostJobs)
            {
                JobById.Remove(JobById.Values.OrderBy(seen => seen.CreatedAt).First().JobId);
            }
        }
    }

    /// <summary>Stores the prices of a service. The prices of any other service are removed.</summary>
    /// <param name="service">The address of the service.</param>
    /// <param name="models">The models of the service.</param>
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

    /// <summary>Returns the price of a model at a service, or null if it is unknown.</summary>
    public static CreditPrice? Price(Uri service, string model)
    {
        lock (Lock)
        {
            return _priced == Host(service) && PriceByModel.TryGetValue(model, out CreditPrice? price) ? price : null;
        }
    }

    private static string Host(Uri service) => service.GetLeftPart(UriPartial.Authority);
}

/// <summary>The properties of a job for completion. The job itself is not kept, because it contains its connection.</summary>
internal sealed record SeenJob(string JobId, string Status, string? Prompt, DateTimeOffset? CreatedAt);
