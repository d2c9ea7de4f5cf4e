using System.Collections.Generic;

namespace Apiframe.Client;

/// <summary>The job statuses of the API's OpenAPI description. A job can have another status, which is then not final.</summary>
public static class JobStatus
{
    /// <summary>The job is accepted and not started.</summary>
    public const string Queued = "QUEUED";

    /// <summary>The job is running.</summary>
    public const string Processing = "PROCESSING";

    /// <summary>The job is completed, and its image can be downloaded.</summary>
    public const string Completed = "COMPLETED";

    /// <summary>The job failed. Its credits are refunded.</summary>
    public const string Failed = "FAILED";

    /// <summary>The service canceled the job.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>The statuses above, in the order in which a job can have them.</summary>
    public static IReadOnlyList<string> Known { get; } = [Queued, Processing, Completed, Failed, Cancelled];

    /// <summary>Returns whether a job with this status never changes again.</summary>
    public static bool IsFinal(string status) => status is Completed or Failed or Cancelled;

    /// <summary>
    /// Returns a status in the spelling of the API's OpenAPI description: uppercase, and <c>CANCELLED</c> for both spellings. Empty if the response has no
    /// status.
    /// </summary>
    public static string Normalize(string? status)
    {
        string upper = (status ?? string.Empty).Trim().ToUpperInvariant();
        return upper == "CANCELED" ? Cancelled : upper;
    }
}
