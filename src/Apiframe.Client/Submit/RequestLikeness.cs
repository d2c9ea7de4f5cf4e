using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Connection;
using Apiframe.Client.Edits;

namespace Apiframe.Client.Submit;

/// <summary>How well a job matches a request, from least to most.</summary>
internal enum Likeness
{
    /// <summary>The job has another value.</summary>
    Other,

    /// <summary>The job does not contain enough.</summary>
    Doubtful,

    /// <summary>The job matches, except for uploads of local files, whose addresses differ between runs.</summary>
    ButForUploads,

    /// <summary>The job matches.</summary>
    Same,
}

/// <summary>Compares a request with the request that a job contains. Pure.</summary>
internal static class RequestLikeness
{
    private static readonly SecretMask AnyKey = new(null);

    /// <summary>Compares the models, which are also in a list of jobs.</summary>
    public static Likeness OfModels(string? given, string? told) => OfWords(given, told);

    /// <summary>Compares the complete requests.</summary>
    /// <param name="prompt">The prompt of the request.</param>
    /// <param name="options">The options of the request.</param>
    /// <param name="uploads">The indexes of local files in its reference images.</param>
    /// <param name="sent">The addresses of the reference images for each time that the request was sent.</param>
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

    /// <summary>Returns a text without the parts that are removed when a response of the service is read.</summary>
    public static string? Plain(string? text) => text is null ? null : AnyKey.Apply(ShownText.Printable(text)).Trim();

    /// <summary>
    /// Compares two words. A service can return an option that was not specified, or omit one. The default of the option then counts, if it is known.
    /// </summary>
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
