namespace Apiframe.Client.Journal;

/// <summary>Identifies an image of a journal among those with the same request.</summary>
/// <param name="Fingerprint">A hash of 64 hexadecimal digits that is the same for equal requests.</param>
/// <param name="Ordinal">The number of the image among equal requests of one run, from 1.</param>
internal sealed record JournalPlace(Utf8Text Fingerprint, int Ordinal);
