using System;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Apiframe.Emulator.Endpoints;

/// <summary>Writes the JSON bodies of answers.</summary>
internal static class JsonBody
{
    // Text beyond ASCII goes out as it is, like the service's own, so that a client's decoding is put to the test.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Utf8JsonWriter Writer(Stream stream) => new(stream, Options);

    public static ArraySegment<byte> Object(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new MemoryStream(512);
        using (var writer = Writer(buffer))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return new ArraySegment<byte>(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
