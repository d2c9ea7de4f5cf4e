using System;
using System.Globalization;

namespace Apiframe.Emulator.Endpoints;

/// <summary>Times as the wire shows them: UTC, with milliseconds.</summary>
internal static class Timestamp
{
    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
