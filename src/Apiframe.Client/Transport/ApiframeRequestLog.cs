using System;
using System.Globalization;

namespace Apiframe.Client;

/// <summary>One attempt of a request, for a verbose log. It contains no headers, query, body, or key.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path without its query.</param>
/// <param name="Outcome">The status code, or the kind of the error.</param>
/// <param name="Duration">The time from sending the request to the end of the response.</param>
/// <param name="RequestId">The <c>x-request-id</c> of the service, or null.</param>
/// <param name="RetryIn">The wait before the next attempt, or null if there is none.</param>
public sealed record ApiframeRequestLog(string Method, string Path, string Outcome, TimeSpan Duration, string? RequestId, TimeSpan? RetryIn)
{
    /// <summary>Returns one line, such as <c>GET /v2/jobs/... 503 in 12 ms (req_1a), retry in 250 ms</c>.</summary>
    public override string ToString()
    {
        string line = string.Format(CultureInfo.InvariantCulture, "{0} {1} {2} in {3:0} ms", Method, Path, Outcome, Duration.TotalMilliseconds);
        if (RequestId is not null)
        {
            line += $" ({RequestId})";
        }

        return RetryIn is { } delay ? line + string.Format(CultureInfo.InvariantCulture, ", retry in {0:0} ms", delay.TotalMilliseconds) : line;
    }
}
