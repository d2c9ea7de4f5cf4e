using System.Threading.Tasks;
using Apiframe.Client;

namespace Simulation.Users;

/// <summary>Somebody who runs a batch, again and again, until every image is on disk.</summary>
internal abstract class User(Batch batch)
{
    /// <summary>How the user keeps to the promises, for the log.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a batch may be run again at any later time, and not only while the service knows its keys.</summary>
    public virtual bool HasTime => false;

    /// <summary>Whether a user of a service that does not tell what a job was asked for may be killed.</summary>
    public virtual bool NeedsInputAfterDeath => false;

    protected Batch Batch => batch;

    /// <summary>Runs the batch once.</summary>
    /// <returns>Whether every image is on disk.</returns>
    public abstract Task<bool> RunAsync(Session session);

    /// <summary>Takes in that the process has ended without a word.</summary>
    public virtual void Died()
    {
    }

    /// <summary>What an error means for the image, where the documents promise no more.</summary>
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
