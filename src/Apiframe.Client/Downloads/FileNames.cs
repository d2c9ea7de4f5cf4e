using System;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Apiframe.Client.Downloads;

/// <summary>Names for image files: the same for the same job, different for different jobs, and taken by every file system.</summary>
public static class FileNames
{
    /// <summary>File systems count bytes, up to 255; this leaves room for the id, the extension and the marks of a partial file.</summary>
    private const int MaximumPromptBytes = 60;

    /// <summary>The name without extension: the prompt's words and the end of the job's id, <c>a-red-kite-2f6c1d8e4b90</c>.</summary>
    /// <remarks>The end, because the start of a UUID may be the time, the same for all jobs of a minute.</remarks>
    /// <param name="job">The job; without a prompt its whole id is the name, and if that is no UUID, <c>image-</c> stands before it.</param>
    /// <param name="index">0 for the first image; later ones get their number behind.</param>
    public static string BaseName(BananaJob job, int index)
    {
        string id = Safe(job.JobId, MaximumPromptBytes);
        string words = Safe(job.Prompt ?? string.Empty, MaximumPromptBytes);
        string name = words.Length == 0 ? Guid.TryParse(id, out _) ? id : ("image-" + id).TrimEnd('-')
            : words + "-" + (id.Length > 12 ? id.Substring(id.Length - 12) : id);
        return index == 0 ? name : name + "-" + (index + 1).ToString(CultureInfo.InvariantCulture);
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

    /// <summary>Letters and digits of any script in lower case, with a dash for everything else: no separators, dots, wildcards or control signs.</summary>
    private static string Safe(string text, int maximumBytes)
    {
        var name = new StringBuilder();
        int bytes = 0;
        string whole = new(text.Select(sign => IsCharacter(sign) ? sign : ' ').ToArray());
        foreach (char sign in whole.Normalize(NormalizationForm.FormC).ToLowerInvariant())
        {
            bool kept = char.IsLetterOrDigit(sign);
            if (!kept && (name.Length == 0 || name[name.Length - 1] == '-'))
            {
                continue;
            }

            char next = kept ? sign : '-';
            bytes += Encoding.UTF8.GetByteCount([next]);
            if (bytes > maximumBytes)
            {
                break;
            }

            name.Append(next);
        }

        return name.ToString().Trim('-');
    }

    /// <summary>False for what no text can be normalised with: halves of characters and the code points that Unicode keeps for no character.</summary>
    private static bool IsCharacter(char sign) => !char.IsSurrogate(sign) && sign is not ((>= '\uFDD0' and <= '\uFDEF') or >= '\uFFFE');
}
