using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Journal;

/// <summary>What journals, the files on disk, and the account's jobs say together: prompts, jobs, bills, and files counted against each other.</summary>
public sealed class JournalReceipt
{
    private readonly List<BananaJob> _duplicates = [];
    private readonly List<JournalEntry> _sharedJobs = [];
    private readonly List<JournalEntry> _notSaved = [];
    private readonly List<JournalEntry> _missingFiles = [];
    private readonly List<JournalEntry> _changedFiles = [];
    private readonly List<JournalEntry> _open = [];
    private readonly List<JournalEntry> _failed = [];
    private readonly List<JournalEntry> _missingJobs = [];

    private JournalReceipt()
    {
    }

    /// <summary>
    /// Whether every prompt has exactly one bill and one whole file, as far as it was looked at. False without any prompt, if a journal could not be read, if
    /// the account lacks a job, and if a job of the account may be a second bill of a prompt because the service does not tell what it was asked for.
    /// </summary>
    public bool IsComplete { get; private set; }

    /// <summary>Images that were asked for. Equal prompts of one journal are different images, and so are equal prompts of different journals.</summary>
    public int Prompts { get; private set; }

    /// <summary>Jobs that these prompts have led to, those of earlier attempts included.</summary>
    public int Jobs { get; private set; }

    /// <summary>Those of the jobs that are billed and whose credits were not given back. Unfinished jobs are billed.</summary>
    public int Bills { get; private set; }

    /// <summary>Images that are on disk and whole.</summary>
    public int Files { get; private set; }

    /// <summary>Credits that these bills add up to. A job that does not say what it costs adds nothing.</summary>
    public decimal Credits { get; private set; }

    /// <summary>Full paths of the journals.</summary>
    public IReadOnlyList<string> Journal { get; private set; } = Array.Empty<string>();

    /// <summary>Paths of journals that were meant too and could not be read.</summary>
    public IReadOnlyList<string> NotRead { get; private set; } = Array.Empty<string>();

    /// <summary>Whether the service was not asked. Then bills are what the journals say, and nothing is known of other jobs.</summary>
    public bool IsOffline { get; private set; }

    /// <summary>Whether the account's list of jobs reaches back to before the first request. If not, <see cref="UnknownJobs"/> may lack some.</summary>
    public bool IsJobListComplete { get; private set; }

    /// <summary>Jobs that are billed for a prompt in addition to the one that counts. One that no journal has is among <see cref="UnknownJobs"/> too.</summary>
    public IReadOnlyList<BananaJob> Duplicates => _duplicates;

    /// <summary>Images whose job is another image's: two prompts have one bill between them.</summary>
    public IReadOnlyList<JournalEntry> SharedJobs => _sharedJobs;

    /// <summary>Images that are paid and done, and were not saved.</summary>
    public IReadOnlyList<JournalEntry> NotSaved => _notSaved;

    /// <summary>Images that were saved, and whose files are not there any more.</summary>
    public IReadOnlyList<JournalEntry> MissingFiles => _missingFiles;

    /// <summary>Images that were saved, and whose files have another content, by length or SHA-256, or cannot be read.</summary>
    public IReadOnlyList<JournalEntry> ChangedFiles => _changedFiles;

    /// <summary>Images that are being made, or of which it is not known whether the service accepted them.</summary>
    public IReadOnlyList<JournalEntry> Open => _open;

    /// <summary>Images that the service did not accept, or whose last job ended without an image.</summary>
    public IReadOnlyList<JournalEntry> Failed => _failed;

    /// <summary>Jobs of the account that no journal has, from the time in which the journals' requests were sent. Empty if the service was not asked.</summary>
    public IReadOnlyList<BananaJob> UnknownJobs { get; private set; } = Array.Empty<BananaJob>();

    /// <summary>Billed jobs of the journals that the account does not have. Empty if the service was not asked.</summary>
    public IReadOnlyList<JournalEntry> MissingJobs => _missingJobs;

    /// <summary>The counts.</summary>
    public override string ToString() => $"{Prompts} prompts, {Jobs} jobs, {Bills} bills, {Files} files";

    /// <summary>Makes a receipt. Pure.</summary>
    /// <param name="journals">What the journals say. Two copies of a journal are one.</param>
    /// <param name="account">What the service says; null if it was not asked.</param>
    /// <param name="look">The state of a file.</param>
    /// <param name="notRead">Paths of journals that could not be read.</param>
    internal static JournalReceipt Of(
        IReadOnlyList<JournalState> journals, AccountCheck? account, Func<JournalFile, JournalFileState> look, IReadOnlyList<string> notRead)
    {
        var receipt = new JournalReceipt
        {
            Journal = [.. journals.Select(journal => journal.Journal.Path)],
            NotRead = notRead,
            IsOffline = account is null,
            IsJobListComplete = account?.IsListComplete == true,
            UnknownJobs = account?.Unknown ?? Array.Empty<BananaJob>(),
        };
        ReceiptImage[] images = [.. Images(journals, account, look)];
        receipt.Bill(images);
        bool isSure = receipt.TakeUnknown(images);
        foreach (ReceiptImage image in images)
        {
            receipt.Sort(image, account);
        }

        receipt.Prompts = images.Length;
        receipt.Files = images.SelectMany(image => image.WholeFiles()).Distinct().Count();
        receipt.IsComplete = isSure && images.Length > 0 && notRead.Count == 0 && (account is null || account.IsListComplete)
            && Array.TrueForAll(images, image => image.Whole is not null && image.Paid.Count == 1)
            && receipt._duplicates.Count + receipt._missingJobs.Count == 0;
        return receipt;
    }

    private static IEnumerable<ReceiptImage> Images(IReadOnlyList<JournalState> journals, AccountCheck? account, Func<JournalFile, JournalFileState> look)
    {
        (string Image, JournalEntry Attempt)[] attempts =
        [
            .. from journal in journals
               from attempt in journal.Attempts
               let told = attempt.JobId is not null && account?.Told.TryGetValue(attempt.JobId, out BananaJob? job) == true ? job : null
               select (PlaceOf(journal, attempt), told is null ? attempt : attempt.Told(told)),
        ];
        // A job without its request, because a line was lost, is the image's that has both.
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string image, JournalEntry attempt) in attempts.Where(one => one.Attempt is { JobId: not null, Fingerprint: not null }))
        {
            owners[attempt.JobId!] = image;
        }

        return attempts
            .GroupBy(one => one.Attempt is { Fingerprint: null, JobId: { } id } && owners.TryGetValue(id, out string? owner) ? owner : one.Image)
            .Select(group => new ReceiptImage(group.Select(one => one.Attempt), look));
    }

    /// <summary>Which image an attempt is of.</summary>
    private static string PlaceOf(JournalState journal, JournalEntry attempt) => attempt.Fingerprint is null
        ? attempt.JobId?.ToUpperInvariant() ?? attempt.IdempotencyKey!
        : $"{journal.Id ?? journal.Journal.Path}\n{attempt.Fingerprint}\n{attempt.Ordinal}";

    /// <summary>Gives each billed job to one image: of two that have it, to the one that did not find it later.</summary>
    private void Bill(ReceiptImage[] images)
    {
        var jobs = images
            .SelectMany(image => image.Attempts.Where(attempt => attempt.JobId is not null).Select(attempt => (Image: image, Attempt: attempt)))
            .GroupBy(one => one.Attempt.JobId!, StringComparer.OrdinalIgnoreCase);
        foreach (var job in jobs)
        {
            (ReceiptImage Image, JournalEntry Attempt)[] users = [.. job.OrderBy(one => one.Attempt.IsAdopted)];
            _sharedJobs.AddRange(users.Skip(1).Select(one => one.Attempt));
            Jobs++;
            if (!users[0].Attempt.IsRefunded)
            {
                users[0].Image.Paid.Add(users[0].Attempt);
                Bills++;
                Credits += users[0].Attempt.CreditCost ?? 0;
            }
        }
    }

    /// <summary>Finds out which of the jobs that no journal has are a prompt's: its only one, if it lacks one, or else a duplicate.</summary>
    /// <returns>False if that is not known of one of them.</returns>
    private bool TakeUnknown(ReceiptImage[] images)
    {
        var byPrompt = images.ToLookup(image => RequestLikeness.Plain(image.Last.Prompt) ?? string.Empty, StringComparer.Ordinal);
        var served = new HashSet<ReceiptImage>();
        bool isSure = true;
        foreach (BananaJob job in UnknownJobs.Where(job => !job.IsRefunded).OrderBy(job => job.CreatedAt))
        {
            // A job that does not tell its prompt, as one of an edit, can be any image's.
            ReceiptImage[] candidates = [.. job.Prompt is null ? images : byPrompt[RequestLikeness.Plain(job.Prompt)!]];
            ReceiptImage[] same = [.. candidates.Where(image => image.Attempts.Any(attempt => JournalMatch.IsOf(attempt, job) == true))];
            if (same.Length == 0)
            {
                isSure &= !Array.Exists(candidates, image => image.Attempts.Any(attempt => JournalMatch.IsOf(attempt, job) is null));
                continue;
            }

            Jobs++;
            Bills++;
            Credits += job.CreditCost ?? 0;
            if (Array.Find(same, image => image.LacksJob && !served.Contains(image)) is { } image)
            {
                served.Add(image);
            }
            else
            {
                _duplicates.Add(job);
            }
        }

        return isSure;
    }

    private void Sort(ReceiptImage image, AccountCheck? account)
    {
        JournalEntry? counted = image.Counted;
        _duplicates.AddRange(image.Paid.Where(paid => paid != counted).Select(paid => JobOf(paid, account)));
        JournalEntry[] missing = [.. image.Paid.Where(paid => account?.Missing.Contains(paid.JobId!, StringComparer.OrdinalIgnoreCase) == true)];
        _missingJobs.AddRange(missing);
        JournalEntry? reachable = image.Paid.Except(missing).LastOrDefault(paid => paid.State is JournalEntryState.Completed or JournalEntryState.Accepted);
        if (image.Whole is not null)
        {
            _failed.AddRange(image.Paid.Count == 0 && !_sharedJobs.Contains(image.Whole) ? [image.Last] : Array.Empty<JournalEntry>());
        }
        else if (image.Damaged is { } damaged)
        {
            (image.IsChanged(damaged) ? _changedFiles : _missingFiles).Add(damaged);
        }
        else if (reachable is not null)
        {
            (reachable.State == JournalEntryState.Completed ? _notSaved : _open).Add(reachable);
        }
        else if (image.Last.IsUnknown)
        {
            _open.Add(image.Last);
        }
        else if (image.Last.State is JournalEntryState.Failed or JournalEntryState.Cancelled or JournalEntryState.Refused)
        {
            _failed.Add(image.Last);
        }
    }

    private static BananaJob JobOf(JournalEntry paid, AccountCheck? account) =>
        account?.Told.TryGetValue(paid.JobId!, out BananaJob? told) == true ? told! : paid.ToJob()!;
}
