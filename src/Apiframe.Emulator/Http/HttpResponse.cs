using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Apiframe.Emulator.Http;

/// <summary>An answer: status, header fields and a body in memory.</summary>
internal sealed class HttpResponse
{
    public const string RequestIdHeader = "x-request-id";

    private static readonly ArraySegment<byte> Empty = new([]);

    private readonly List<KeyValuePair<string, string>> _headers = [];

    public HttpResponse(int status, string contentType, ArraySegment<byte> body)
    {
        Status = status;
        ContentType = contentType;
        Body = body;
    }

    public int Status { get; }

    /// <summary>Empty for none.</summary>
    public string ContentType { get; }

    public ArraySegment<byte> Body { get; }

    /// <summary>How it goes out; null for whole and at once.</summary>
    public Delivery? Delivery { get; private init; }

    /// <summary>No answer: the connection ends without one.</summary>
    public static HttpResponse None(bool reset) => new(0, string.Empty, Empty) { Delivery = Delivery.Nothing(reset) };

    public static HttpResponse WithoutBody(int status) => new(status, string.Empty, Empty);

    public static HttpResponse Redirect(string location) => WithoutBody(302).Add("Location", location);

    public static HttpResponse Text(int status, string text) =>
        new(status, "text/plain; charset=utf-8", new ArraySegment<byte>(Encoding.UTF8.GetBytes(text)));

    public HttpResponse Add(string name, string value)
    {
        _headers.Add(new KeyValuePair<string, string>(name, value));
        return this;
    }

    /// <summary>Sets a header field anew.</summary>
    public HttpResponse Replace(string name, string value)
    {
        _headers.RemoveAll(header => header.Key == name);
        return Add(name, value);
    }

    /// <summary>The same answer with something changed.</summary>
    public HttpResponse With(ArraySegment<byte>? body = null, string? contentType = null, Delivery? delivery = null)
    {
        var changed = new HttpResponse(Status, contentType ?? ContentType, body ?? Body) { Delivery = delivery ?? Delivery };
        changed._headers.AddRange(_headers);
        return changed;
    }

    /// <summary>The head as it goes over the wire.</summary>
    public byte[] Head(string requestId, bool keepAlive)
    {
        var head = new StringBuilder(256);
        var status = Status.ToString(CultureInfo.InvariantCulture);
        head.Append("HTTP/1.1 ").Append(status).Append(' ').Append(ReasonPhrase(Status)).Append("\r\n");
        Line("Date", DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture));
        if (!_headers.Exists(header => header.Key == RequestIdHeader))
        {
            Line(RequestIdHeader, requestId);
        }

        if (ContentType.Length > 0)
        {
            Line("Content-Type", ContentType);
        }

        foreach (var header in _headers)
        {
            Line(header.Key, header.Value);
        }

        Line("Content-Length", Body.Count.ToString(CultureInfo.InvariantCulture));
        if (!keepAlive)
        {
            Line("Connection", "close");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());

        void Line(string name, string value) => head.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    public static string ReasonPhrase(int status) => status switch
    {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        206 => "Partial Content",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "Status " + status.ToString(CultureInfo.InvariantCulture),
    };
}
