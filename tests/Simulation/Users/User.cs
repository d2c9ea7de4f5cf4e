using System.Threading.Tasks;
using Apiframe.Client;

namespace Simulation.Users;

/// <summary>A user who runs a batch repeatedly until every image is on disk.</summary>
internal abstract class User(Batch batch)
{
    /// <summary>The name of the user in the log.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the batch can be run again at any later time, and not only while the service knows its keys.</summary>
    public virtual bool HasTime => false;

    /// <summary>Whether a process of this user can be killed only if jobs contain their requests.</summary>
    public virtual bool NeedsInputAfterDeath => false;

    /// <summary>Whether the user receives webhooks while the batch runs, and waits only for jobs whose webhook does not arrive.</summary>
    public virtual bool ReceivesWebhooks => batch.HasWebhooks;

    protected Batch Batch => batch;

    /// <summary>Runs the batch once.</summary>
    /// <returns>Whether every image is on disk.</returns>
    public abstract Task<bool> RunAsync(Session session);

    /// <summary>Called after the process was killed.</summary>
    public virtual void Died()
    {
    }

    /// <summary>Records what an error allows for the image, where the documentation promises no more.</summary>
    protected void Excuse(SubmitRequest image, ApiframeException e)
    {
        if (e.Kind == ApiframeErrorKind.ImageExpired)
        {
            batch.MayLackImages[image.Prompt] = "the image is not stored any more";
        }
        else if (e is { Kind: ApiframeErrorKind.JobCancelled, Charge: Charge.Billed })
        {
            batch.MayLackImages[image.Prompt] = "the service has cancelled the job and kept the credits";
        }
        else if (e is { Kind: ApiframeErrorKind.Conflict, IsResubmission: true })
        {
            batch.MayLackImages[image.Prompt] = "nobody can tell which job of the account it is";
        }
    }
}
