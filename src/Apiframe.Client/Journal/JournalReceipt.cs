using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Journal;

/// <summary>The result of comparing journals with the files on disk and the jobs of the account: the numbers of prompts, jobs, bills, and files.</summary>
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
    /// Whether every prompt has exactly one bill and one complete file, as far as it was checked. False without any prompt, if a journal could not be read, if
    /// the account lacks a job, and if a job of the account may be a second bill because the service does not report its request.
    /// </summary>
    public bool IsComplete { get; private set; }

    /// <summary>The number of images. Equal prompts of one journal are different images, and so are equal prompts of different journals.</summary>
    public int Prompts { get; private set; }

    /// <summary>The number of jobs of these prompts, including earlier attempts.</summary>
    public int Jobs { get; private set; }

    /// <summary>The number of jobs that are billed and not refunded. Unfinished jobs are billed.</summary>
    public int Bills { get; private set; }

    /// <summary>The number of complete images on disk.</summary>
    public int Files { get; private set; }

    /// <summary>The sum of the credits of these bills. A job without a reported cost adds nothing.</summary>
    public decimal Credits { get; private set; }

    /// <summary>The full paths of the journals.</summary>
    public IReadOnlyList<string> Journal { get; private set; } = Array.Empty<string>();

    /// <summary>The paths of journals that could not be read.</summary>
    public IReadOnlyList<string> NotRead { get; private set; } = Array.Empty<string>();

    /// <summary>Whether the service was not requested. The bills are then those of the journals, and other jobs are unknown.</summary>
    public bool IsOffline { get; private set; }

    /// <summary>Whether the list of jobs reaches back to before the first request. If not, <see cref="UnknownJobs"/> may be incomplete.</summary>
    public bool IsJobListComplete { get; private set; }

    /// <summary>
    /// Jobs that are billed for a prompt in addition to its first bill. <see cref="UnknownJobs"/> contains those that no journal contains too.
    /// </summary>
    public IReadOnlyList<BananaJob> Duplicates => _duplicates;

    /// <summary>Images whose job belongs to another image: two prompts share one bill.</summary>
    public IReadOnlyList<JournalEntry> SharedJobs => _sharedJobs;

    /// <summary>Images that are paid for and completed, and were not saved.</summary>
    public IReadOnlyList<JournalEntry> NotSaved => _notSaved;

    /// <summary>Images that were saved and whose files no longer exist.</summary>
    public IReadOnlyList<JournalEntry> MissingFiles => _missingFiles;

    /// <summary>Images that were saved and whose files have other content, by length or SHA-256, or cannot be read.</summary>
    public IReadOnlyList<JournalEntry> ChangedFiles => _changedFiles;

    /// <summary>Images that are not finished, or for which it is unknown whether the service accepted them.</summary>
    public IReadOnlyList<JournalEntry> Open => _open;

    /// <summary>Images that the service rejected, or whose last job ended without an image.</summary>
    public IReadOnlyList<JournalEntry> Failed => _failed;

    /// <summary>Jobs of the account that no journal contains, from the time of the requests of the journals. Empty if the service was not requested.</summary>
    public IReadOnlyList<BananaJob> UnknownJobs { get; private set; } = Array.Empty<BananaJob>();

    /// <summary>Billed jobs of the journals that the account does not have. Empty if the service was not requested.</summary>
    public IReadOnlyList<JournalEntry> MissingJobs => _missingJobs;

    /// <summary>Returns the counts.</summary>
    public override string ToString() => $"{Prompts} prompts, {Jobs} jobs, {Bills} bills, {Files} files";

    /// <summary>Creates a receipt. Pure.</summary>
    /// <param name="journals">The states of the journals. Two copies of a journal count as one.</param>
    /// <param name="account">The result of the requests to the service, or null without any.</param>
    /// <param name="look">Returns the state of a file.</param>
    /// <param name="notRead">The paths of journals that could not be read.</param>
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
        // A job without its request, because a line was lost, belongs to the image that has both.
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string image, JournalEntry attempt) in attempts.Where(one => one.Attempt is { JobId: not null, Fingerprint: not null }))
        {
            owners[attempt.JobId!] = image;
        }

        return attempts
            .GroupBy(one => one.Attempt is { Fingerprint: null, JobId: { } id } && owners.TryGetValue(id, out string? owner) ? owner : one.Image)
            .Select(group => new ReceiptImage(group.Select(one => one.Attempt), look));
    }

    /// <summary>Returns a text that identifies the image of an attempt.</summary>
    private static string PlaceOf(JournalState journal, JournalEntry attempt) => attempt.Fingerprint is null
        ? attempt.JobId?.ToUpperInvariant() ?? attempt.IdempotencyKey!
        : $"{journal.Id ?? journal.Journal.Path}\n{attempt.Fingerprint}\n{attempt.Ordinal}";

    /// <summary>Assigns each billed job to one image. If two images have the job, it belongs to the one that did not adopt it.</summary>
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

    /// <summary>
    /// Assigns the jobs that no journal contains to prompts. Such a job is the only bill of a prompt that lacks one, or else a duplicate.
    /// </summary>
    /// <returns>False if it is unknown whether one of these jobs belongs to a prompt.</returns>
    private bool TakeUnknown(ReceiptImage[] images)
    {
        var byPrompt = images.ToLookup(image => RequestLikeness.Plain(image.Last.Prompt) ?? string.Empty, StringComparer.Ordinal);
        var served = new HashSet<ReceiptImage>();
        bool isSure = true;
        foreach (BananaJob job in UnknownJobs.Where(job => !job.IsRefunded).OrderBy(job => job.CreatedAt))
        {
            // A job without its prompt, such as an edit, can belong to any image.
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
