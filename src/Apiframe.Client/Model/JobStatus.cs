using System.Collections.Generic;

namespace Apiframe.Client;

/// <summary>The job statuses of the API's OpenAPI description. A job can have another status, which is then not final.</summary>
public static class JobStatus
{
    /// <summary>Accepted, not started.</summary>
    public const string Queued = "QUEUED";

    /// <summary>Being made.</summary>
    public const string Processing = "PROCESSING";

    /// <summary>Made; the image can be downloaded.</summary>
    public const string Completed = "COMPLETED";

    /// <summary>Not made; the credits are given back.</summary>
    public const string Failed = "FAILED";

    /// <summary>Stopped by the service.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>The statuses above, in the order in which a job can have them.</summary>
    public static IReadOnlyList<string> Known { get; } = [Queued, Processing, Completed, Failed, Cancelled];

    /// <summary>Whether a job in this status never changes again.</summary>
    public static bool IsFinal(string status) => status is Completed or Failed or Cancelled;

    /// <summary>The spelling of a status in the API's OpenAPI description: upper case, with <c>CANCELLED</c> for both spellings. Empty if the response has no status.</summary>
    public static string Normalize(string? status)
    {
        string upper = (status ?? string.Empty).Trim().ToUpperInvariant();
        return upper == "CANCELED" ? Cancelled : upper;
    }
}
