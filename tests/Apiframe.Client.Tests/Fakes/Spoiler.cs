using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>
/// Damages valid examples: values of other types, wrong depth, unusual numbers and texts, and changed bytes. The damage is a list of edits, so that FsCheck can
/// remove edits until only the relevant ones remain.
/// </summary>
internal static class Spoiler
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e308", "1e999", "-0", "3.5", "99999999999999999999999999999", "\"\"", "\" \"", "[]", "{}", "[[[]]]", "[null]",
        "\"\\ud800\"", "\"\\u0000\"", "\"file:///etc/passwd\"", "\"javascript:x\"", "\"../../x\"", "\"http://\"", "\"https://[::1\"", "\"COMPLETED\"",
        "\"2026-13-45T99:99:99Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"", "\"afk_0123456789abcdef\"", $"\"{FakeService.Key}\"",
        "{ \"\\ud800\": 1 }", "{ \"id\": { \"id\": [] } }",
    ];

    private static readonly string[] Names = ["\"job_id\"", "\"x\"", "\"\\ud800\"", "\"id\"", "\"status\"", "\"event\""];

    /// <summary>Applies the edits in order. Any numbers are a valid edit.</summary>
    /// <param name="example">A valid example, in UTF-8.</param>
    /// <param name="edits">The kind of each edit, its place, and its replacement.</param>
    public static byte[] Apply(byte[] example, IEnumerable<(int Kind, int Place, int With)> edits) =>
        edits.Aggregate(example, (body, edit) => Apply(body, edit.Kind & int.MaxValue, edit.Place & int.MaxValue, edit.With & int.MaxValue));

    private static byte[] Apply(byte[] body, int kind, int place, int with)
    {
        int at = body.Length == 0 ? 0 : place % body.Length;
        return (kind % 11) switch
        {
            0 => body[..at],
            1 => [.. body[..at], .. body[Math.Min(at + 1, body.Length)..]],
            2 => [.. body[..at], (byte)with, .. body[at..]],
            3 => [.. body[..at], (byte)with, .. body[Math.Min(at + 1, body.Length)..]],
            4 => [.. body, .. body[at..]],
            5 => [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"id\":", with % 200))), .. body],
            6 => OtherName(body, place, with),
            _ => OtherValue(body, place, with),
        };
    }

    /// <summary>Replaces any value of the document with an unusual value.</summary>
    private static byte[] OtherValue(byte[] body, int place, int with)
    {
        int[] colons = [.. Enumerable.Range(0, body.Length).Where(at => body[at] == ':')];
        byte[] value = Encoding.UTF8.GetBytes(Values[with % Values.Length]);
        if (colons.Length == 0)
        {
            return value;
        }

        int start = colons[place % colons.Length] + 1;
        int end = start;
        for (int depth = 0; end < body.Length; end++)
        {
            depth += body[end] is (byte)'{' or (byte)'[' ? 1 : body[end] is (byte)'}' or (byte)']' ? -1 : 0;
            if (depth < 0 || (depth == 0 && body[end] == ','))
            {
                break;
            }
        }

        return [.. body[..start], .. value, .. body[end..]];
    }

    private static byte[] OtherName(byte[] body, int place, int with)
    {
        int[] quotes = [.. Enumerable.Range(0, body.Length).Where(at => body[at] == '"')];
        int pair = quotes.Length < 2 ? -1 : place % (quotes.Length / 2);
        return pair < 0 ? body : [.. body[..quotes[2 * pair]], .. Encoding.UTF8.GetBytes(Names[with % Names.Length]), .. body[(quotes[(2 * pair) + 1] + 1)..]];
    }
}
