using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Apiframe.Emulator.Server;

/// <summary>A response with its body in memory.</summary>
/// <param name="Status">The status, or 0 for a response that is not sent.</param>
/// <param name="Body">The body, which is sent after the head.</param>
internal sealed record HttpResponse(int Status, ArraySegment<byte> Body)
{
    /// <summary>The header with the ID of the request. A response that already has this header gets no other ID.</summary>
    public const string RequestIdHeader = "x-request-id";

    public HttpResponse(int status, string contentType, ArraySegment<byte> body)
        : this(status, body) => Headers = [("Content-Type", contentType)];

    /// <summary>How sending the response is disturbed, or null.</summary>
    public Disturbance? Disturbance { get; init; }

    private IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Returns a response that closes the connection without sending anything.</summary>
    public static HttpResponse None(bool reset) => WithoutBody(0) with { Disturbance = new(IsNothing: true, Resets: reset) };

    public static HttpResponse WithoutBody(int status) => new(status, new([]));

    public static HttpResponse Redirect(string location) => WithoutBody(302).With("Location", location);

    public static HttpResponse Text(int status, string text, string mediaType = "text/plain") =>
        new(status, mediaType + "; charset=utf-8", new(Encoding.UTF8.GetBytes(text)));

    /// <summary>Returns the same response with a header, which replaces an existing one with that name.</summary>
    public HttpResponse With(string name, string value) =>
        this with { Headers = [.. Headers.Where(header => header.Name != name), (name, value)] };

    public byte[] Head(string requestId, bool keepAlive)
    {
        var isNamed = Headers.Any(header => header.Name == RequestIdHeader);
        (string Name, string Value)[] fields =
        [
            ("Date", DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture)),
            .. isNamed ? Headers : [(RequestIdHeader, requestId), .. Headers],
            ("Content-Length", Body.Count.ToString(CultureInfo.InvariantCulture)),
        ];
        var head = new StringBuilder(FormattableString.Invariant($"HTTP/1.1 {Status} {ReasonPhrase(Status)}\r\n"), 512);
        foreach (var (name, value) in keepAlive ? fields : fields.Append(("Connection", "close")))
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
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

/// <summary>How a response is sent that is late, slow, cut, or not sent at all.</summary>
/// <param name="Delay">The time before the first byte.</param>
/// <param name="Trickle">The time that the first bytes of the body take.</param>
/// <param name="CutAfter">The number of bytes of the body that are sent before the connection ends, or null for a complete response.</param>
/// <param name="IsNothing">Whether the connection ends before anything is sent.</param>
/// <param name="Resets">Whether the connection is reset instead of closed normally.</param>
internal sealed record Disturbance(
    TimeSpan Delay = default, TimeSpan Trickle = default, int? CutAfter = null, bool IsNothing = false, bool Resets = false)
{
    public bool EndsConnection => IsNothing || CutAfter is not null;
}
