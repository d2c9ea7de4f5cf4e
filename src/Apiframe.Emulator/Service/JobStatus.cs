namespace Apiframe.Emulator.Service;

/// <summary>The statuses as they are spelled on the wire.</summary>
internal static class JobStatus
{
    public const string Queued = "QUEUED";
    public const string Processing = "PROCESSING";
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";
    public const string Cancelled = "CANCELLED";

    /// <summary>One that the API's description does not know: a list cannot be asked for it.</summary>
    public const string Moderating = "MODERATING";

    public static bool IsKnown(string status) => status is Queued or Processing or Completed or Failed or Cancelled;
}
