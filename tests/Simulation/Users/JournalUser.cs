using System;
using System.Linq;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.Client.Save;

namespace Simulation.Users;

/// <summary>
/// Runs the same batch with a journal. If it is unknown whether an image was billed, the user allows it to be submitted again in the next run.
/// </summary>
internal sealed class JournalUser(Batch batch) : User(batch)
{
    private bool _resubmitsUnknown;

    public override string Name => "journal";

    public override bool HasTime => true;

    /// <summary>The end of a job is read from the service, because the job of a webhook has no journal to record it.</summary>
    public override bool ReceivesWebhooks => false;

    public Action<BananaJob>? HandedOn { get; set; }

    public BananaJournal Journal(Session session) => new(Batch.Journal) { Registry = session.Process.Registry };

    public override async Task<bool> RunAsync(Session session)
    {
        JournalLease? lease = null;
        await session.TryAsync(() =>
        {
            lease = Journal(session).Open();
            return Task.FromResult(true);
        });
        if (lease is null)
        {
            return false;
        }

        JournalRun run = lease.BeginRun(_resubmitsUnknown, throttleLimit: 3);
        bool[] saved = await Task.WhenAll(Batch.Requests.Select(image => OneAsync(session, run, image)));
        bool isNoted = await session.TryAsync(async () =>
        {
            await lease.ReleaseAsync();
            return true;
        });

        // Jobs that could not be noted are piped again after all uses of the journal have ended.
        BananaJob[] notNoted = [.. session.Errors.OfType<ApiframeException>().Where(e => e.Kind == ApiframeErrorKind.JournalNotWritable).Select(e => e.Job).OfType<BananaJob>()];
        foreach (BananaJob job in notNoted)
        {
            await session.TryAsync(() => session.SaveAsync(job, Batch.Images, ExistingFile.Refuse));
        }

        return isNoted && saved.All(one => one);
    }

    /// <summary>Creates the receipt from the journal, the files, and the service.</summary>
    public Task<JournalReceipt> ReceiptAsync(Session session) => JournalAudit.RunAsync([Journal(session).Read()], session.Client, concurrency: 1);

    private async Task<bool> OneAsync(Session session, JournalRun run, SubmitRequest image)
    {
        JournalClaim claim = run.Claim(image);
        BananaJob? job = null;
        await session.TryAsync(
            async () =>
            {
                job = await session.Client.SubmitAsync(claim, session.Stop);
                HandedOn?.Invoke(job);
                return true;
            },
            e =>
            {
                job = e.Job;
                if (e.IsKeyForgotten)
                {
                    Batch.MayBeBilledAgain[image.Prompt] = "nobody could tell whether it was paid, and the user has it submitted again";
                    _resubmitsUnknown = true;
                }
            });
        return job is not null && await session.TryAsync(() => session.SaveAsync(job, Batch.Images, ExistingFile.Refuse), e =>
        {
            Excuse(image, e);
            if (e is { Kind: ApiframeErrorKind.JobCancelled, Charge: Charge.Billed })
            {
                Batch.MayBeBilledAgain[image.Prompt] = "its job was cancelled and billed, and a run that may submit unknown images again pays once more";
            }
        });
    }
}
