namespace Apiframe.Client.Journal;

/// <summary>What the account's jobs say about an attempt that was never answered.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Job">Its job; null if there is none, or if that is not known.</param>
/// <param name="Doubt">Why that is not known, to stand behind a colon; null if it is settled.</param>
internal sealed record Reconciled(JournalEntry Attempt, BananaJob? Job, string? Doubt);
