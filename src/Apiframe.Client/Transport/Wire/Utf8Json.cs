using System;
using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

/// <summary>Reads JSON in UTF-8 that other programs have written: files, and the bodies of webhooks.</summary>
internal static class Utf8Json
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Returns the root element. A byte order mark before it is ignored.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static JsonElement Parse(byte[] utf8)
    {
        int start = utf8.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        using JsonDocument document = JsonDocument.Parse(utf8.AsMemory(start));
        return document.RootElement.Clone();
    }
}
