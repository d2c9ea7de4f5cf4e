using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>An answer that no honest server would give.</summary>
internal sealed record HostileAnswer(int Status, string ContentType, string RetryAfter, byte[] Body)
{
    public override string ToString() => $"{Status} {ContentType} {RetryAfter}\n{Encoding.UTF8.GetString(Body, 0, Math.Min(Body.Length, 2000))}";
}

/// <summary>Damages the examples of the API's OpenAPI description: values of other types, wrong depth, odd numbers and texts, broken bytes. The same seed spoils them the same way.</summary>
internal sealed class AnswerMutator
{
    private static readonly string[] Examples =
    [
        FakeService.Accepted(),
        FakeService.Accepted("FAILED"),
        FakeService.Job("PROCESSING", """, "progress": 40, "result": null, "error": null, "creditCost": 9, "webhookStatus": null, "createdAt": "2026-11-20T09:14:02.117Z", "completedAt": null, "expired": false"""),
        FakeService.Job("FAILED", """, "progress": 0, "result": null, "error": "The provider declined the prompt", "creditCost": 0, "completedAt": "2026-11-20T09:14:02.117Z" """),
        FakeService.Completed(),
        FakeService.Completed("\"https://cdn.example.net/1.png\""),
        FakeService.Completed("""[ { "url": "https://cdn.example.net/1.png" } ]"""),
        FakeService.Job("COMPLETED", """, "result": { "imageUrl": "https://cdn.example.net/1.png" }, "input": { "prompt": "A kite", "nanoBananaParams": { "resolution": "2K", "image_input": ["https://a.example/1.png"], "google_search": true } }"""),
        $$"""{ "jobs": [ {{FakeService.Completed()}}, {{FakeService.Job("QUEUED")}} ], "nextCursor": "eyJvcGFxdWUiOnRydWV9", "hasMore": true }""",
        FakeService.Account,
        FakeService.Account,
        """{ "user": { "email": "ops@example.net" }, "team": null, "apiKey": null }""",
        FakeService.Models,
        FakeService.Models,
        """{ "models": [] }""",
        """{ "error": "Validation failed", "details": { "prompt": ["Must have at most 2000 characters"] } }""",
        """{ "error": "Insufficient credits", "creditsRequired": 18, "creditsAvailable": 4 }""",
        """{ "error": { "message": "no" } }""",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e308", "1e999", "-0", "3.5", "99999999999999999999999999999", "\"\"", "\" \"", "[]", "{}", "[[[]]]", "[null]",
        "\"\\ud800\"", "\"\\u0000\"", "\"file:///etc/passwd\"", "\"javascript:x\"", "\"../../x\"", "\"http://\"", "\"https://[::1\"", "\"COMPLETED\"",
        "\"2026-13-45T99:99:99Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"", "\"afk_0123456789abcdef\"", $"\"{FakeService.Key}\"",
        "{ \"\\ud800\": 1 }", "{ \"id\": { \"id\": [] } }",
    ];

    private static readonly int[] Statuses = [.. Enumerable.Repeat(200, 30), 204, 302, 400, 401, 402, 403, 404, 409, 413, 418, 429, 500, 501, 502, 503, 504];
    private static readonly string[] ContentTypes = ["application/json", "application/json; charset=utf-8", "application/json; charset=nonsense", "text/html", ""];
    private static readonly string[] Waits = ["", "0", "3", "-1", "99999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "soon"];

    private readonly Random _random;

    public AnswerMutator(int seed) => _random = new Random(seed);

    public HostileAnswer Next()
    {
        string text = Pick(Examples);
        for (int i = _random.Next(3); i > 0; i--)
        {
            text = Spoiled(text);
        }

        byte[] body = Encoding.UTF8.GetBytes(text);
        return new HostileAnswer(Pick(Statuses), Pick(ContentTypes), Pick(Waits), _random.Next(4) == 0 ? Broken(body) : body);
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private string Spoiled(string text) => _random.Next(8) switch
    {
        0 => text.Replace(Pick(["\"id\"", "\"jobId\"", "\"status\"", "\"result\"", "\"jobs\"", "\"models\"", "\"team\""]), Pick(["\"job_id\"", "\"x\"", "\"\\ud800\"", "\"id\""]), StringComparison.Ordinal),
        1 => text[..^1] + ", " + text[1..],
        2 => string.Concat(Enumerable.Repeat("{\"id\":", _random.Next(200))) + text,
        3 => text.Replace("\"", new string('x', _random.Next(5000)) + "\"", StringComparison.Ordinal),
        _ => WithOtherValue(text),
    };

    /// <summary>Puts an odd value in the place of any value of the document.</summary>
    private string WithOtherValue(string text)
    {
        int[] colons = text.Select((sign, at) => (sign, at)).Where(one => one.sign == ':').Select(one => one.at).ToArray();
        if (colons.Length == 0)
        {
            return Pick(Values);
        }

        int start = Pick(colons) + 1;
        int end = start;
        for (int depth = 0; end < text.Length; end++)
        {
            depth += text[end] is '{' or '[' ? 1 : text[end] is '}' or ']' ? -1 : 0;
            if (depth < 0 || (depth == 0 && text[end] == ','))
            {
                break;
            }
        }

        return text[..start] + " " + Pick(Values) + text[end..];
    }

    private byte[] Broken(byte[] body)
    {
        for (int i = _random.Next(1, 6); i > 0 && body.Length > 1; i--)
        {
            int at = _random.Next(body.Length);
            switch (_random.Next(4))
            {
                case 0: body[at] = (byte)_random.Next(256); break;
                case 1: body = body[..at]; break;
                case 2: body = [.. body[..at], .. body[(at + 1)..]]; break;
                default: body = [.. body[..at], (byte)_random.Next(256), .. body[at..]]; break;
            }
        }

        return body;
    }
}
