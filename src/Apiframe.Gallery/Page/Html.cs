using System.Text;

namespace Apiframe.Gallery;

/// <summary>Text for a web page. A prompt can contain any text, which must never be interpreted as markup.</summary>
internal static class Html
{
    /// <summary>The Unicode symbol for control character 0. The symbols for the other control characters follow it.</summary>
    private const char ControlPictures = '\u2400';

    private const char DeletePicture = '\u2421';

    private const char Replacement = '\uFFFD';

    /// <summary>
    /// Escapes text for use between tags and in quoted attributes. Control characters, which HTML does not allow, are replaced with their symbols.
    /// </summary>
    public static string Text(string text)
    {
        var html = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (char.IsHighSurrogate(character) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                html.Append(character).Append(text[++i]);
                continue;
            }

            switch (character)
            {
                case '&':
                    html.Append("&amp;");
                    break;
                case '<':
                    html.Append("&lt;");
                    break;
                case '>':
                    html.Append("&gt;");
                    break;
                case '"':
                    html.Append("&quot;");
                    break;
                case '\'':
                    html.Append("&#39;");
                    break;
                case '\t' or '\n' or '\r':
                    html.Append(character);
                    break;
                case < ' ':
                    html.Append((char)(ControlPictures + character));
                    break;
                case '\u007F':
                    html.Append(DeletePicture);
                    break;
                case (> '\u007F' and < '\u00A0') or (>= '\uD800' and <= '\uDFFF') or >= '\uFFFE':
                    html.Append(Replacement);
                    break;
                default:
                    html.Append(character);
                    break;
            }
        }

        return html.ToString();
    }
}
