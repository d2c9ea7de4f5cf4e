using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Apiframe.Emulator.Server;

/// <summary>Request line and header fields, checked as far as framing depends on them, and the body once it has been read.</summary>
internal sealed class HttpRequest
{
    private static readonly string[] LineEnd = ["\r\n"];

    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<Dictionary<string, string>> _query;
    private readonly bool _isHttp10;

    /// <param name="head">All up to the empty line before the body.</param>
    /// <exception cref="HttpProtocolException">The text is not a request head.</exception>
    public HttpRequest(string head)
    {
        var lines = head.Split(LineEnd, StringSplitOptions.None);
        var parts = lines[0].Split(' ');
        if (parts.Length != 3 || !IsToken(parts[0]) || parts[1].Length == 0)
        {
            throw new HttpProtocolException(400, "The request line cannot be read.");
        }

        _isHttp10 = parts[2] == "HTTP/1.0";
        if (!_isHttp10 && parts[2] != "HTTP/1.1")
        {
            throw new HttpProtocolException(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
        }

        Method = parts[0];
        var target = OriginForm(parts[1]).Split(['?'], 2);
        Path = target[0];
        _query = new(() => ParseQuery(target.ElementAtOrDefault(1) ?? string.Empty));
        foreach (var line in lines.Skip(1))
        {
            ReadHeader(line);
        }

        ReadFraming();
    }

    public string Method { get; }

    /// <summary>The path as sent, without the query.</summary>
    public string Path { get; }

    /// <summary>The decoded query. Of two parameters with one name the last counts.</summary>
    public IReadOnlyDictionary<string, string> Query => _query.Value;

    public bool IsChunked { get; private set; }

    /// <summary>Length of the body in bytes; not used when it is chunked.</summary>
    public long ContentLength { get; private set; }

    public bool ExpectsContinue => HasToken("Expect", "100-continue");

    public bool KeepAlive => _isHttp10 ? HasToken("Connection", "keep-alive") : !HasToken("Connection", "close");

    public byte[] Body { get; set; } = [];

    /// <summary>The value of a header field, its name in any case; the values of repeated fields are joined by commas. Null for none.</summary>
    public string? Header(string name) => _headers.TryGetValue(name, out var value) ? value : null;

    /// <summary>A client that takes the emulator for its proxy sends the whole URL.</summary>
    private static string OriginForm(string target)
    {
        if (target[0] == '/')
        {
            return target;
        }

        return Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            ? url.PathAndQuery
            : throw new HttpProtocolException(400, "The request target is neither a path nor a URL.");
    }

    private void ReadHeader(string line)
    {
        var colon = line.IndexOf(':');
        if (colon <= 0 || !IsToken(line.Substring(0, colon)))
        {
            throw new HttpProtocolException(400, "A header field cannot be read.");
        }

        var name = line.Substring(0, colon);
        var value = line.Substring(colon + 1).Trim(' ', '\t');
        _headers[name] = _headers.TryGetValue(name, out var earlier) ? earlier + ", " + value : value;
    }

    private void ReadFraming()
    {
        if (!_isHttp10 && Header("Host") is null)
        {
            throw new HttpProtocolException(400, "The Host header is missing.");
        }

        var length = Header("Content-Length");
        if (Header("Transfer-Encoding") is { } coding)
        {
            // Both together are how requests are smuggled past proxies; nothing honest sends them.
            IsChunked = length is null && coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? true
                : throw new HttpProtocolException(400, "The body has to be either chunked or of a given length.");
        }
        else if (length is not null)
        {
            ContentLength = long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                ? bytes
                : throw new HttpProtocolException(400, "Content-Length is not a number.");
        }
    }

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
