namespace Apiframe.Client.Journal;

/// <summary>The result of searching the job of an attempt without a response.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Job">The job, or null if there is none or it is unknown.</param>
/// <param name="Doubt">Why the job is unknown, as text after a colon, or null if the attempt is settled.</param>
internal sealed record Reconciled(JournalEntry Attempt, BananaJob? Job, string? Doubt);
