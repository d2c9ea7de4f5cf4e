using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Apiframe.Client.Save;

/// <summary>Names for image files: the same for the same job, different for different jobs, and taken by every file system.</summary>
public static class FileNames
{
    /// <summary>File systems count bytes, up to 255; this leaves room for the id, the extension and the marks of a partial file.</summary>
    private const int MaximumPromptBytes = 60;

    /// <summary>For a name that the user chose: all but what the extension and the marks of a partial file take.</summary>
    private const int MaximumChosenBytes = 200;

    /// <summary>What Windows takes for itself, in a name or as a name; a folder may be looked at from there.</summary>
    private const string ReservedCharacters = "<>:\"/\\|?*";

    /// <summary>A terminal would show what follows backwards: an extension that is none.</summary>
    private const string DirectionCharacters = "\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    private static readonly string[] ReservedNames = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

    /// <summary>The name without extension: the prompt's words and 12 hexadecimal digits that stand for the job's id, <c>a-red-kite-5a0b3c64d1e2</c>.</summary>
    /// <remarks>
    /// The digits are the first of the SHA-256 hash of the whole id, in lower case if it is a UUID. No part of an id would do: depending on the UUID's version, its
    /// start is the time and its end the machine that made it, the same for many jobs.
    /// </remarks>
    /// <param name="job">The job; a <see cref="BananaJob.Number"/> stands behind the prompt's words; without a prompt its whole id is the name, and if that is not a UUID, <c>image-</c> stands before it and the digits behind.</param>
    /// <param name="index">0 for the first image; later ones get their number behind.</param>
    public static string BaseName(BananaJob job, int index)
    {
        string id = Normalized(job.JobId, out bool isUuid);
        string words = Safe(job.Prompt ?? string.Empty, MaximumPromptBytes);
        string number = job.Number is { } of ? "-" + of.ToString(CultureInfo.InvariantCulture) : string.Empty;
        string name = words.Length > 0 ? words + number + "-" + Digits(id)
            : isUuid ? id
            : string.Join("-", new[] { "image", Safe(id, MaximumPromptBytes), Digits(id) }.Where(part => part.Length > 0));
        return Numbered(name, index);
    }

    /// <summary>How the names of an image of a job end: in the digits that stand for its ID, or in the ID itself where the prompt was not known.</summary>
    internal static IReadOnlyList<string> Endings(BananaJob job, int index)
    {
        string id = Normalized(job.JobId, out bool isUuid);
        return isUuid ? [Numbered(Digits(id), index), Numbered(id, index)] : [Numbered(Digits(id), index)];
    }

    /// <summary>How the name that version 0.1 gave ends: in the last 12 digits of the job's ID.</summary>
    /// <param name="job">The job.</param>
    /// <param name="index">As of <see cref="BaseName(BananaJob, int)"/>.</param>
    /// <param name="isShared">
    /// Whether other jobs may have the same name: in UUIDs of versions 1, 2, and 6 these digits are the machine that made them (RFC 9562, section 5).
    /// </param>
    /// <returns>Null if the ID is not a UUID.</returns>
    internal static string? EarlierEnding(BananaJob job, int index, out bool isShared)
    {
        string id = Normalized(job.JobId, out bool isUuid);
        isShared = isUuid && id[14] is '1' or '2' or '6';
        return isUuid ? Numbered(id.Substring(id.Length - 12), index) : null;
    }

    /// <summary>A name that the user chose, as it is but for what some file system does not take; an image's extension is left out.</summary>
    /// <returns>Null if nothing of it can be a name.</returns>
    public static string? BaseName(string chosen, int index)
    {
        string name = new string(chosen.Select((_, at) => CanBeNamed(chosen, at) ? chosen[at] : '-').ToArray()).Normalize().Trim(' ', '.');
        if (SaveTarget.IsImageName(name))
        {
            name = Path.GetFileNameWithoutExtension(name).TrimEnd(' ', '.');
        }

        while (Encoding.UTF8.GetByteCount(name) > MaximumChosenBytes)
        {
            int[] characters = StringInfo.ParseCombiningCharacters(name);
            name = name.Substring(0, characters[characters.Length - 1]).TrimEnd(' ', '.');
        }

        return name.Length == 0 ? null : Numbered(IsReserved(name) ? "_" + name : name, index);
    }

    /// <summary>The name without extension for an image that is known by its URL only.</summary>
    public static string BaseName(Uri url)
    {
        string last = Uri.UnescapeDataString(url.AbsolutePath).Split('/', '\\').Last();
        int dot = last.LastIndexOf('.');
        string name = Safe(dot > 0 ? last.Substring(0, dot) : last, MaximumPromptBytes);
        // The prefix, here as for odd ids, keeps off Windows' device names (CON, NUL).
        return name.Length == 0 ? "image" : "image-" + name;
    }

    /// <summary>A UUID in its usual spelling, however the service or a CSV spells it; any other id as it is.</summary>
    private static string Normalized(string id, out bool isUuid)
    {
        isUuid = Guid.TryParse(id, out Guid uuid);
        return isUuid ? uuid.ToString() : id;
    }

    private static string Digits(string id) => Sha256.Of(Encoding.UTF8.GetBytes(id)).Substring(0, 12);

    private static string Numbered(string name, int index) => index == 0 ? name : name + "-" + (index + 1).ToString(CultureInfo.InvariantCulture);

    private static bool CanBeNamed(string text, int at)
    {
        char character = text[at];
        bool isHalf = char.IsSurrogate(character) && !char.IsSurrogatePair(text, at) && !(at > 0 && char.IsSurrogatePair(text, at - 1));
        return !isHalf && !IsNoCharacter(character) && !char.IsControl(character) && !ReservedCharacters.Contains(character) && !DirectionCharacters.Contains(character);
    }

    private static bool IsReserved(string name)
    {
        string stem = name.Split('.')[0].TrimEnd().TrimEnd("0123456789\u00B9\u00B2\u00B3".ToCharArray());
        return ReservedNames.Contains(stem, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Letters and digits of any script in lower case, with a dash for everything else: no separators, dots, wildcards or control signs.</summary>
    private static string Safe(string text, int maximumBytes)
    {
        var name = new StringBuilder();
        int bytes = 0;
        string whole = new(text.Select(character => IsCharacter(character) ? character : ' ').ToArray());
        foreach (char character in whole.Normalize(NormalizationForm.FormC).ToLowerInvariant())
        {
            bool kept = char.IsLetterOrDigit(character);
            if (!kept && (name.Length == 0 || name[name.Length - 1] == '-'))
            {
                continue;
            }

            char next = kept ? character : '-';
            bytes += Encoding.UTF8.GetByteCount([next]);
            if (bytes > maximumBytes)
            {
                break;
            }

            name.Append(next);
        }

        return name.ToString().Trim('-');
    }

    /// <summary>False for what no text can be normalized with: halves of characters and the code points that Unicode keeps for no character.</summary>
    private static bool IsCharacter(char character) => !char.IsSurrogate(character) && !IsNoCharacter(character);

    private static bool IsNoCharacter(char character) => character is (>= '\uFDD0' and <= '\uFDEF') or >= '\uFFFE';
}
