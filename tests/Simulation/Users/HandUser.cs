using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Save;

namespace Simulation.Users;

/// <summary>
/// Uses neither a journal nor a scope, and pipes the output into the next command again: the requests of errors, and jobs. After a process was killed, the user
/// searches the list of the account for its jobs, as the documentation recommends.
/// </summary>
internal sealed class HandUser : User
{
    private readonly List<Image> _images;
    private bool _hasDied;

    public HandUser(Batch batch)
        : base(batch) => _images = [.. batch.Requests.Select(request => new Image(request))];

    public override string Name => "neither";

    public override bool NeedsInputAfterDeath => true;

    public override void Died()
    {
        _hasDied = true;
        _images.ForEach(image => (image.Request, image.Job) = (image.Wanted, null));
    }

    public override async Task<bool> RunAsync(Session session)
    {
        // A user knows only the ID of a job that another process submitted.
        _images.ForEach(image => image.Job = image.Job is null ? null : BananaJob.FromId(image.Job.JobId, session.Client.Connection));
        if (_hasDied)
        {
            if (!await session.TryAsync(() => FindJobsAsync(session)))
            {
                return false;
            }

            _hasDied = false;
        }

        bool[] saved = await Task.WhenAll(_images.Select(image => session.TryAsync(() => OneAsync(session, image), e => Keep(image, e))));
        return saved.All(one => one);
    }

    private async Task<bool> OneAsync(Session session, Image image)
    {
        image.Job ??= await session.Client.SubmitAsync(image.Request, session.Stop);
        return await session.SaveAsync(image.Job, Batch.Images, ExistingFile.Keep);
    }

    private void Keep(Image image, ApiframeException e)
    {
        Excuse(image.Wanted, e);
        image.Request = e.Request ?? image.Request;
        image.Job = e.Job ?? image.Job;
        if (e.Kind is ApiframeErrorKind.JobFailed or ApiframeErrorKind.JobCancelled)
        {
            Excuse(e.Job!, image.Wanted.Prompt);

            (image.Request, image.Job) = (image.Wanted, null);
        }
    }

    private async Task<bool> FindJobsAsync(Session session)
    {
        string? cursor = null;
        do
        {
            JobPage page = await session.Client.ListJobsAsync(new JobFilter(), cursor: cursor, cancellationToken: session.Stop);
            foreach (BananaJob listed in page.Jobs)
            {
                BananaJob job = await session.Client.GetJobAsync(listed.JobId, session.Stop);
                Excuse(job, job.Prompt);
                bool hasFailed = job.Status is JobStatus.Failed or JobStatus.Cancelled;
                bool isKnown = _images.Exists(image => image.Job?.JobId == job.JobId);
                if (!hasFailed && !isKnown && _images.Find(image => image.Job is null && image.Wanted.Prompt == job.Prompt) is { } image)
                {
                    image.Job = job;
                }
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return true;
    }

    private void Excuse(BananaJob job, string? prompt)
    {
        if (prompt is not null && job is { Status: JobStatus.Cancelled, CreditCost: > 0 })
        {
            Batch.MayBeBilledAgain[prompt] = "its job was cancelled and billed, and the user submits it again";
        }
    }

    private sealed class Image(SubmitRequest wanted)
    {
        public SubmitRequest Wanted { get; } = wanted;

        /// <summary>The request to submit. After an error, it is the request of that error, with its key.</summary>
        public SubmitRequest Request { get; set; } = wanted;

        public BananaJob? Job { get; set; }
    }
}
