namespace Apiframe.Client.Retry;

/// <summary>Whether a rejected request is sent once more in the other of the two published forms, under the same key. Pure.</summary>
internal static class RequestFormRetry
{
    /// <summary>
    /// Neither 400 nor 409 has created anything, so the other form is safe: it creates the one job of that key, or, after a 409, returns the job that an
    /// earlier run submitted in that form.
    /// </summary>
    /// <param name="rejection">What the service answered.</param>
    /// <param name="isOtherRefused">Whether the service has rejected the other form and accepted this one before: then a 400 is about something else.</param>
    public static bool IsWorthTheOther(ApiframeException rejection, bool isOtherRefused) =>
        rejection.StatusCode == 409 || (rejection.StatusCode == 400 && !isOtherRefused);
}
