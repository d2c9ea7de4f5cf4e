using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Apiframe.Client.Save;

/// <summary>Names for image files. A job always has the same name, different jobs have different names, and all file systems accept the names.</summary>
public static class FileNames
{
    /// <summary>
    /// The maximum length of the prompt part. File systems limit names to 255 bytes. The rest is for the ID, the extension, and the partial file's suffix.
    /// </summary>
    private const int MaximumPromptBytes = 60;

    /// <summary>The maximum length of a specified name. The rest is for the extension and the partial file's suffix.</summary>
    private const int MaximumChosenBytes = 200;

    /// <summary>The characters that Windows reserves. A folder may be accessed from Windows.</summary>
    private const string ReservedCharacters = "<>:\"/\\|?*";

    /// <summary>Characters that change the direction of text. A terminal would show the rest of the name backwards, with another extension.</summary>
    private const string DirectionCharacters = "\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    private static readonly string[] ReservedNames = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

    /// <summary>
    /// Returns the name without extension: the words of the prompt and 12 hexadecimal digits of a hash of the job ID, such as <c>a-red-kite-5a0b3c64d1e2</c>.
    /// </summary>
    /// <remarks>
    /// The digits are the first of the SHA-256 hash of the complete ID, in lowercase if it is a UUID. A part of the ID itself would not be sufficient:
    /// depending on the version of the UUID, its first part is the time and its last part is the computer, which many jobs share.
    /// </remarks>
    /// <param name="job">
    /// The job. Its <see cref="BananaJob.Number"/> follows the words of the prompt. Without a prompt, the name is the complete ID. If that is not a UUID,
    /// <c>image-</c> precedes it and the digits follow it.
    /// </param>
    /// <param name="index">The index of the image, from 0. The number of a further image is appended.</param>
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

    /// <summary>Returns the possible endings of the names of an image: the digits of the hash, or the ID itself if the prompt was unknown.</summary>
    internal static IReadOnlyList<string> Endings(BananaJob job, int index)
    {
        string id = Normalized(job.JobId, out bool isUuid);
        return isUuid ? [Numbered(Digits(id), index), Numbered(id, index)] : [Numbered(Digits(id), index)];
    }

    /// <summary>Returns the ending of the name in version 0.1: the last 12 digits of the job ID.</summary>
    /// <param name="job">The job.</param>
    /// <param name="index">As for <see cref="BaseName(BananaJob, int)"/>.</param>
    /// <param name="isShared">
    /// Whether other jobs can have the same name: in UUIDs of versions 1, 2, and 6, these digits identify the computer (RFC 9562, section 5).
    /// </param>
    /// <returns>The ending, or null if the ID is not a UUID.</returns>
    internal static string? EarlierEnding(BananaJob job, int index, out bool isShared)
    {
        string id = Normalized(job.JobId, out bool isUuid);
        isShared = isUuid && id[14] is '1' or '2' or '6';
        return isUuid ? Numbered(id.Substring(id.Length - 12), index) : null;
    }

    /// <summary>Returns a specified name without the characters that file systems reject, and without the extension of an image.</summary>
    /// <returns>The name, or null if it contains no allowed character.</returns>
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

    /// <summary>Returns the name without extension for an image of which only the URL is known.</summary>
    public static string BaseName(Uri url)
    {
        string last = Uri.UnescapeDataString(url.AbsolutePath).Split('/', '\\').Last();
        int dot = last.LastIndexOf('.');
        string name = Safe(dot > 0 ? last.Substring(0, dot) : last, MaximumPromptBytes);
        // The prefix prevents device names of Windows, such as CON and NUL, here and for IDs that are not UUIDs.
        return name.Length == 0 ? "image" : "image-" + name;
    }

    /// <summary>Returns a UUID in its usual spelling, and any other ID unchanged.</summary>
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

    /// <summary>Returns letters and digits of any script in lowercase, with a dash for each other sequence of characters.</summary>
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

    /// <summary>False for characters that cannot be normalized: halves of surrogate pairs, and the code points that Unicode never assigns to characters.</summary>
    private static bool IsCharacter(char character) => !char.IsSurrogate(character) && !IsNoCharacter(character);

    private static bool IsNoCharacter(char character) => character is (>= '\uFDD0' and <= '\uFDEF') or >= '\uFFFE';
}
