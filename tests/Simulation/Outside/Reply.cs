using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;

namespace Simulation.Outside;

/// <summary>A response that is being transferred.</summary>
internal sealed record Reply(int Status, byte[] Body, string ContentType = "application/json")
{
    public TimeSpan? RetryAfter { get; init; }

    public string? ETag { get; init; }

    /// <summary>The position of the body in the complete file, or null if the body is not a part of a file.</summary>
    public int? From { get; init; }

    /// <summary>The number of bytes that are transferred, or null for all.</summary>
    public int? Cut { get; init; }

    public static Reply Json(int status, string json) => new(status, Encoding.UTF8.GetBytes(json));

    public static Reply Page(int status, string title) => new(status, Encoding.UTF8.GetBytes($"<html><title>{title}</title></html>"), "text/html");

    public HttpResponseMessage ToResponse(HttpRequestMessage request)
    {
        var response = new HttpResponseMessage((HttpStatusCode)Status)
        {
            RequestMessage = request,
            Content = Cut is { } cut ? new StreamContent(new CutStream(Body, cut)) : new ByteArrayContent(Body),
        };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        response.Content.Headers.ContentLength = Body.Length;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
        }

        if (ETag is not null)
        {
            response.Headers.ETag = new EntityTagHeaderValue(ETag);
        }

        if (From is { } from)
        {
            response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, from + Body.Length - 1, from + Body.Length);
        }

        return response;
    }
}
