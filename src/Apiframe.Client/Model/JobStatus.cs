using System.Collections.Generic;

namespace Apiframe.Client;

/// <summary>The statuses of the contract (section 4.1). A job may carry another one: it is then not final.</summary>
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

    /// <summary>The contract's spelling of a status from the wire: upper case, one spelling of "cancelled"; empty if there is none.</summary>
    public static string Normalize(string? status)
    {
        string upper = (status ?? string.Empty).Trim().ToUpperInvariant();
        return upper == "CANCELED" ? Cancelled : upper;
    }
}
