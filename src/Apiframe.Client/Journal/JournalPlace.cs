namespace Apiframe.Client.Journal;

/// <summary>Which image of a journal it is: one of those with the same request.</summary>
/// <param name="Fingerprint">64 hexadecimal digits, the same for equal requests.</param>
/// <param name="Ordinal">The place among equal requests of one run, from 1.</param>
internal sealed record JournalPlace(string Fingerprint, int Ordinal);
