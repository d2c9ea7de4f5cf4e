namespace Apiframe.Client.Retry;

/// <summary>Decides whether a rejected request is sent once more in the other of the two published forms, under the same key. Pure.</summary>
internal static class RequestFormRetry
{
    /// <summary>
    /// Returns whether the other form is sent. After a 400 or a 409, no job was created, so the other form is safe: it creates the one job of the key, or,
    /// after a 409, returns the job that an earlier run submitted in that form.
    /// </summary>
    /// <param name="rejection">The error of the service.</param>
    /// <param name="isOtherRefused">Whether the service has rejected the other form and accepted this one before. A 400 then has another reason.</param>
    public static bool IsWorthTheOther(ApiframeException rejection, bool isOtherRefused) =>
        rejection.StatusCode == 409 || (rejection.StatusCode == 400 && !isOtherRefused);
}
