using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Apiframe.Emulator.Http;

/// <summary>Request line and header fields, checked as far as framing depends on them.</summary>
internal sealed class HttpRequestHead
{
    private static readonly string[] LineEnd = ["\r\n"];

    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private bool _isHttp10;

    private HttpRequestHead()
    {
    }

    public string Method { get; private set; } = string.Empty;

    /// <summary>Path and query.</summary>
    public string Target { get; private set; } = string.Empty;

    public IReadOnlyDictionary<string, string> Headers => _headers;

    public bool IsChunked { get; private set; }

    /// <summary>Length of the body in bytes; not used when it is chunked.</summary>
    public long ContentLength { get; private set; }

    public bool HasBody => IsChunked || ContentLength > 0;

    public bool ExpectsContinue => HasToken("Expect", "100-continue");

    public bool KeepAlive => _isHttp10 ? HasToken("Connection", "keep-alive") : !HasToken("Connection", "close");

    /// <exception cref="HttpProtocolException">The text is no request head.</exception>
    public static HttpRequestHead Parse(string text)
    {
        var lines = text.Split(LineEnd, StringSplitOptions.None);
        var head = new HttpRequestHead();
        head.ReadRequestLine(lines[0]);
        foreach (var line in lines.Skip(1))
        {
            head.ReadHeader(line);
        }

        head.ReadFraming();
        return head;
    }

    private void ReadRequestLine(string line)
    {
        var parts = line.Split(' ');
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
        Target = OriginForm(parts[1]);
    }

    /// <summary>A client that takes the emulator for its proxy sends the whole URL.</summary>
    private static string OriginForm(string target)
    {
        if (target[0] == '/')
        {
            return target;
        }

        if (Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp)
        {
            return url.PathAndQuery;
        }

        throw new HttpProtocolException(400, "The request target is neither a path nor a URL.");
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
        if (!_isHttp10 && !_headers.ContainsKey("Host"))
        {
            throw new HttpProtocolException(400, "The Host header is missing.");
        }

        var hasLength = _headers.TryGetValue("Content-Length", out var length);
        if (_headers.TryGetValue("Transfer-Encoding", out var coding))
        {
            // Both together are how requests are smuggled past proxies; nothing honest sends them.
            if (hasLength || !coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            {
                throw new HttpProtocolException(400, "The body has to be either chunked or of a given length.");
            }

            IsChunked = true;
        }
        else if (hasLength)
        {
            if (!long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            {
                throw new HttpProtocolException(400, "Content-Length is no number.");
            }

            ContentLength = bytes;
        }
    }

    private bool HasToken(string name, string token) =>
        _headers.TryGetValue(name, out var value)
        && value.Split(',').Any(part => part.Trim().Equals(token, StringComparison.OrdinalIgnoreCase));

    private static bool IsToken(string text)
    {
        foreach (var c in text)
        {
            var isAlphanumeric = c is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z');
            if (!isAlphanumeric && "!#$%&'*+-.^_`|~".IndexOf(c) < 0)
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
