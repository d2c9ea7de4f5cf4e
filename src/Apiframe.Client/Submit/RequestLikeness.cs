using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Connection;
using Apiframe.Client.Edits;

namespace Apiframe.Client.Submit;

/// <summary>How much a job is like a request, from least to most.</summary>
internal enum Likeness
{
    /// <summary>It says something else.</summary>
    Other,

    /// <summary>It does not say enough.</summary>
    Doubtful,

    /// <summary>It says the same but for uploads of local files, whose addresses differ from run to run.</summary>
    ButForUploads,

    /// <summary>It says the same.</summary>
    Same,
}

/// <summary>Compares a request with what a job says that it was asked for. Pure.</summary>
internal static class RequestLikeness
{
    private static readonly SecretMask AnyKey = new(null);

    /// <summary>Compares the models, which a list of jobs tells too.</summary>
    public static Likeness OfModels(string? given, string? told) => OfWords(given, told);

    /// <summary>Compares everything.</summary>
    /// <param name="prompt">The prompt of the request.</param>
    /// <param name="options">What else was asked for.</param>
    /// <param name="uploads">Which of its reference images are local files.</param>
    /// <param name="sent">The addresses of the reference images as they were sent, perhaps more than once.</param>
    /// <param name="job">The job.</param>
    public static Likeness Of(string? prompt, ImageOptions options, IReadOnlyList<int> uploads, IEnumerable<IReadOnlyList<string>> sent, BananaJob job) =>
        !job.TellsRequest ? Likeness.Doubtful : new[]
        {
            // The prompt of an edit is not sent.
            options.Edit is not null || Plain(prompt) == Plain(job.Prompt) ? Likeness.Same : Likeness.Other,
            OfModels(options.Model, job.Model),
            OfEdits(options.Edit, job.Edit),
            OfWords(options.Resolution, job.Resolution, ImageOptions.DefaultResolution),
            OfWords(options.AspectRatio, job.AspectRatio),
            OfWords(options.OutputFormat, job.OutputFormat, ImageOptions.DefaultOutputFormat),
            OfSwitches(options.GoogleSearch, job.GoogleSearch),
            OfSwitches(options.ImageSearch, job.ImageSearch),
            OfReferences(options.ReferenceImage, uploads, sent, job.Options.ReferenceImage),
        }.Min();

    /// <summary>A text without what it does not have any more when it was read from an answer of the service.</summary>
    public static string? Plain(string? text) => text is null ? null : AnyKey.Apply(ShownText.Printable(text)).Trim();

    /// <summary>A service may tell an option that was not given, or leave one out; then its default decides, if it is known.</summary>
    private static Likeness OfWords(string? given, string? told, string? normal = null) =>
        string.Equals(Plain(given ?? normal), Plain(told ?? normal), StringComparison.OrdinalIgnoreCase) ? Likeness.Same
        : given is null || told is null ? Likeness.Doubtful
        : Likeness.Other;

    private static Likeness OfEdits(ImageEdit? given, ImageEdit? told) => given is null || told is null
        ? given == told ? Likeness.Same : Likeness.Doubtful
        : EditModel.AllOptions.Min(option => OfWords(option.TextOf(given), option.TextOf(told)));

    private static Likeness OfSwitches(bool given, bool told) => given == told ? Likeness.Same : given ? Likeness.Doubtful : Likeness.Other;

    private static Likeness OfReferences(
        IReadOnlyList<string> given, IReadOnlyList<int> uploads, IEnumerable<IReadOnlyList<string>> sent, IReadOnlyList<string> told)
    {
        bool isToldAtAll = told.Count > 0 || given.Count == 0;
        if (sent.Any(addresses => addresses.Select(Plain).SequenceEqual(told.Select(Plain))))
        {
            return Likeness.Same;
        }

        return !isToldAtAll ? uploads.Count == given.Count ? Likeness.ButForUploads : Likeness.Doubtful
            : uploads.Count > 0 && given.Count == told.Count
                && Enumerable.Range(0, told.Count).All(index => uploads.Contains(index) || Plain(given[index]) == Plain(told[index])) ? Likeness.ButForUploads
            : Likeness.Other;
    }
}
