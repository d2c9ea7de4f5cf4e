using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Apiframe.Emulator.Server;

/// <summary>A response with its body in memory.</summary>
/// <param name="Status">0 for a response that does not go out.</param>
/// <param name="ContentType">Empty for none.</param>
/// <param name="Body">What goes out behind the head.</param>
internal sealed record HttpResponse(int Status, string ContentType, ArraySegment<byte> Body)
{
    /// <summary>A response that has this header gets no other ID.</summary>
    public const string RequestIdHeader = "x-request-id";

    /// <summary>How it goes out; null for whole and at once.</summary>
    public Disturbance? Disturbance { get; init; }

    private IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The connection ends without a response.</summary>
    public static HttpResponse None(bool reset) => WithoutBody(0) with { Disturbance = new(IsNothing: true, Resets: reset) };

    public static HttpResponse WithoutBody(int status) => new(status, string.Empty, new([]));

    public static HttpResponse Redirect(string location) => WithoutBody(302).With("Location", location);

    public static HttpResponse Text(int status, string text, string mediaType = "text/plain") =>
        new(status, mediaType + "; charset=utf-8", new(Encoding.UTF8.GetBytes(text)));

    /// <summary>The same response with a header field, instead of the one of that name if there is one.</summary>
    public HttpResponse With(string name, string value) =>
        this with { Headers = [.. Headers.Where(header => header.Name != name), (name, value)] };

    /// <summary>The head as it goes over the wire.</summary>
    public byte[] Head(string requestId, bool keepAlive)
    {
        var head = new StringBuilder(256);
        head.Append("HTTP/1.1 ").Append(Status.ToString(CultureInfo.InvariantCulture)).Append(' ').Append(ReasonPhrase(Status)).Append("\r\n");
        Line("Date", DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture));
        if (ContentType.Length > 0)
        {
            Line("Content-Type", ContentType);
        }

        var isNamed = false;
        foreach (var (name, value) in Headers)
        {
            Line(name, value);
            isNamed |= name == RequestIdHeader;
        }

        if (!isNamed)
        {
            Line(RequestIdHeader, requestId);
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
