using System;
using System.Collections.Generic;

namespace Apiframe.Emulator.Http;

/// <summary>A request that has been read whole.</summary>
internal sealed class HttpRequest
{
    public HttpRequest(HttpRequestHead head, byte[] body)
    {
        Method = head.Method;
        Headers = head.Headers;
        KeepAlive = head.KeepAlive;
        Body = body;
        var mark = head.Target.IndexOf('?');
        Path = mark < 0 ? head.Target : head.Target.Substring(0, mark);
        Query = mark < 0 ? new Dictionary<string, string>(StringComparer.Ordinal) : ParseQuery(head.Target.Substring(mark + 1));
    }

    private HttpRequest(HttpRequest other, string path)
    {
        Method = other.Method;
        Headers = other.Headers;
        KeepAlive = other.KeepAlive;
        Body = other.Body;
        Query = other.Query;
        Path = path;
    }

    public string Method { get; }

    /// <summary>The path as sent, without the query.</summary>
    public string Path { get; }

    /// <summary>The decoded query. Of two parameters with one name the last counts.</summary>
    public IReadOnlyDictionary<string, string> Query { get; }

    /// <summary>Header fields by name in any case; values of repeated fields are joined by commas.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    public byte[] Body { get; }

    public bool KeepAlive { get; }

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;

    /// <summary>The same request for something else.</summary>
    public HttpRequest For(string path) => new(this, path);

    private static Dictionary<string, string> ParseQuery(string text)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(['&'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair.Substring(0, equals);
            var value = equals < 0 ? string.Empty : pair.Substring(equals + 1);
            query[Decode(name)] = Decode(value);
        }

        return query;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
