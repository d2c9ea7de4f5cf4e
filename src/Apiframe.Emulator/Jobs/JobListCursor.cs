using System;

namespace Apiframe.Emulator.Jobs;

/// <summary>
/// Marks the last job of a page. It names the job, not a position, so pages neither repeat nor skip a job
/// while new ones come in.
/// </summary>
internal static class JobListCursor
{
    public static string Encode(EmulatedJob last) =>
        Convert.ToBase64String(last.Id.ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static EmulatedJob? Decode(string cursor, JobStore jobs)
    {
        var padding = new string('=', (4 - cursor.Length % 4) % 4);
        try
        {
            var bytes = Convert.FromBase64String(cursor.Replace('-', '+').Replace('_', '/') + padding);
            return bytes.Length == 16 ? jobs.Find(new Guid(bytes)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
