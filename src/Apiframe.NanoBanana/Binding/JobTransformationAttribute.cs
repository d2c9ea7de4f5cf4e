using System.Collections;
using System.Linq;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Converts journal entries to jobs. The jobs keep the journal and the prompt, which binding by property name would lose.</summary>
internal sealed class JobTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Unwrapped(inputData) switch
    {
        JournalEntry entry => Job(entry),
        IList many when many.Cast<object?>().Any(one => Unwrapped(one) is JournalEntry) =>
            many.Cast<object?>().Select(one => Unwrapped(one) is JournalEntry entry ? Job(entry) : one).ToArray(),
        _ => inputData,
    };

    private static BananaJob Job(JournalEntry entry) => entry.ToJob() ?? throw new ArgumentTransformationMetadataException(
        entry.State == JournalEntryState.Refused
            ? $"The image {Name(entry)} has no job, because the service did not accept it ({entry.Error}). To submit the image again, pipe it to {SubmitterOf(entry)}."
            : $"The image {Name(entry)} has no job yet. Pipe the image to {SubmitterOf(entry)}, which finds its job or submits it.");

    private static string Name(JournalEntry entry) => $"'{ShownText.Excerpt(entry.Prompt ?? entry.IdempotencyKey ?? string.Empty)}'";

    private static string SubmitterOf(JournalEntry entry) => entry.Edit is null ? "New-BananaImage" : "Edit-BananaImage";

    private static object? Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
