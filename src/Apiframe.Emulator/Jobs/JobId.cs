using System;

namespace Apiframe.Emulator.Jobs;

/// <summary>
/// Makes job ids as version 7 UUIDs with the job's ordinal behind the time, so that the listing's order, creation time and then id,
/// is the order of acceptance even for jobs of one millisecond.
/// </summary>
internal static class JobId
{
    public static Guid Create(DateTimeOffset createdAt, long ordinal)
    {
        var milliseconds = createdAt.ToUnixTimeMilliseconds();
        var tail = Guid.NewGuid().ToByteArray();
        return new Guid(
            (uint)(milliseconds >> 16),
            (ushort)milliseconds,
            (ushort)(0x7000 | ((ordinal >> 14) & 0x0fff)),
            (byte)(0x80 | ((ordinal >> 8) & 0x3f)),
            (byte)ordinal,
            tail[10],
            tail[11],
            tail[12],
            tail[13],
            tail[14],
            tail[15]);
    }

    public static bool TryParse(string text, out Guid id) => Guid.TryParseExact(text, "D", out id);
}
