using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Apiframe.Emulator.Server;

/// <summary>The request line and the headers, checked as far as the framing depends on them, and the body after it has been read.</summary>
internal sealed class HttpRequest
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _isHttp10;

    /// <param name="head">The lines before the empty line, at least one.</param>
    /// <exception cref="HttpProtocolException">The lines are not the head of a request.</exception>
    public HttpRequest(IReadOnlyList<string> head)
    {
        var parts = head[0].Split(' ');
        Require(parts.Length == 3 && IsToken(parts[0]) && parts[1].Length > 0, "The request line cannot be read.");
        _isHttp10 = parts[2] == "HTTP/1.0";
        Require(_isHttp10 || parts[2] == "HTTP/1.1", "Only HTTP/1.0 and HTTP/1.1 are supported.", status: 505);
        Method = parts[0];
        var target = OriginForm(parts[1]).Split(['?'], 2);
        Path = target[0];
        Query = ParseQuery(target.ElementAtOrDefault(1) ?? string.Empty);
        foreach (var line in head.Skip(1))
        {
            var field = line.Split([':'], 2);
            Require(field.Length == 2 && IsToken(field[0]), "A header field cannot be read.");
            var value = field[1].Trim(' ', '\t');
            _headers[field[0]] = _headers.TryGetValue(field[0], out var earlier) ? earlier + ", " + value : value;
        }

        Require(_isHttp10 || Header("Host") is not null, "The Host header is missing.");
        var (length, coding) = (Header("Content-Length"), Header("Transfer-Encoding"));
        IsChunked = coding is not null;

        // Requests with both headers are used to smuggle requests past proxies, and no regular client sends them (RFC 9112, section 6.3).
        Require(
            !IsChunked || (length is null && coding!.Equals("chunked", StringComparison.OrdinalIgnoreCase)),
            "The body must either be chunked or have a Content-Length.");
        Require(
            long.TryParse(length ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var bytes), "Content-Length is not a number.");
        ContentLength = bytes;
    }

    public string Method { get; }

    /// <summary>The path as it was sent, without the query.</summary>
    public string Path { get; }

    /// <summary>The decoded query. The last of several parameters with the same name counts.</summary>
    public IReadOnlyDictionary<string, string> Query { get; }

    public bool IsChunked { get; }

    /// <summary>The length of the body in bytes, or 0 if the body is chunked.</summary>
    public long ContentLength { get; }

    public bool ExpectsContinue => HasToken("Expect", "100-continue");

    public bool KeepAlive => _isHttp10 ? HasToken("Connection", "keep-alive") : !HasToken("Connection", "close");

    public byte[] Body { get; set; } = [];

    /// <summary>Returns the value of a header, whose name is not case-sensitive, or null. The values of repeated headers are joined by commas.</summary>
    public string? Header(string name) => _headers.TryGetValue(name, out var value) ? value : null;

    private static void Require(bool holds, string problem, int status = 400)
    {
        if (!holds)
        {
            throw new HttpProtocolException(status, problem);
        }
    }

    /// <summary>Returns the path and query of a request target. A client that uses the emulator as its proxy sends the complete URL.</summary>
    private static string OriginForm(string target) => target[0] == '/'
        ? target
        : Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
        ? url.PathAndQuery
        : throw new HttpProtocolException(400, "The request target is neither a path nor a URL.");

    private bool HasToken(string name, string token) =>
        Header(name)?.Split(',').Any(part => part.Trim().Equals(token, StringComparison.OrdinalIgnoreCase)) == true;

    private static bool IsToken(string text) =>
        text.Length > 0 && text.All(c => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') || "!#$%&'*+-.^_`|~".IndexOf(c) >= 0);

    private static Dictionary<string, string> ParseQuery(string text)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(['&'], StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split(['='], 2);
            query[Decode(parts[0])] = Decode(parts.ElementAtOrDefault(1) ?? string.Empty);
        }

        return query;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
