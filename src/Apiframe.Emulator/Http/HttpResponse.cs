using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Apiframe.Emulator.Http;

/// <summary>An answer: status, header fields and a body in memory.</summary>
internal sealed class HttpResponse
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    public HttpResponse(int status, string contentType, ArraySegment<byte> body)
    {
        Status = status;
        Body = body;
        Add("Content-Type", contentType);
    }

    public int Status { get; }

    public ArraySegment<byte> Body { get; }

    public static HttpResponse Text(int status, string text) =>
        new(status, "text/plain; charset=utf-8", new ArraySegment<byte>(Encoding.UTF8.GetBytes(text)));

    public HttpResponse Add(string name, string value)
    {
        _headers.Add(new KeyValuePair<string, string>(name, value));
        return this;
    }

    /// <summary>The head as it goes over the wire.</summary>
    public byte[] Head(string requestId, bool keepAlive)
    {
        var head = new StringBuilder(256);
        var status = Status.ToString(CultureInfo.InvariantCulture);
        head.Append("HTTP/1.1 ").Append(status).Append(' ').Append(ReasonPhrase(Status)).Append("\r\n");
        Line("Date", DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture));
        Line("x-request-id", requestId);
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

    private static string ReasonPhrase(int status) => status switch
    {
        200 => "OK",
        202 => "Accepted",
        206 => "Partial Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        505 => "HTTP Version Not Supported",
        _ => "Status " + status.ToString(CultureInfo.InvariantCulture),
    };
}
