using System;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Apiframe.Client.Journal;

/// <summary>The fields that lines have, by the names that they have there, but for the first letter, which is a small one.</summary>
internal enum JournalField
{
    // Those up to here are times.
    At,
    CreatedAt,
    CompletedAt,
    ExpiresAt,
    Event,
    Key,
    JobId,
    Status,
    Adopted,
    Kind,
    CreditCost,
    Error,
    Images,
    Index,
    File,
    Length,
    Sha256,
    Fingerprint,
    Ordinal,
    Attempt,
    Request,
    Local,
    Url,
    Version,
    Id,
}

/// <summary>What a line says, taken in one pass over its bytes: a journal may have half a million lines. One object reads one line after the other.</summary>
internal sealed class JournalFields : IDisposable
{
    private static readonly byte[][] Names =
        [.. Enum.GetNames(typeof(JournalField)).Select(name => Encoding.ASCII.GetBytes(char.ToLowerInvariant(name[0]) + name.Substring(1)))];

    private readonly Value[] _values = new Value[Names.Length];

    /// <summary>Which field came behind which one last: most lines have the same order.</summary>
    private readonly int[] _following = new int[Names.Length];

    /// <summary>Takes a line in the place of the one before.</summary>
    /// <returns>Whether the line is an object.</returns>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    public bool Read(ReadOnlySpan<byte> line)
    {
        Dispose();
        Array.Clear(_values, 0, _values.Length);
        var json = new Utf8JsonReader(line);
        bool isObject = json.Read() && json.TokenType == JsonTokenType.StartObject;
        int field = (int)JournalField.Event;
        while (json.Read())
        {
            if (isObject && json.TokenType == JsonTokenType.PropertyName)
            {
                int found = Is(_following[field], ref json) ? _following[field] : FieldOf(ref json);
                json.Read();
                if (found < 0)
                {
                    json.Skip();
                }
                else
                {
                    _values[found] = Value.Read(ref json, isTime: found <= (int)JournalField.ExpiresAt);
                    _following[field] = found;
                    field = found;
                }
            }
        }

        return isObject;
    }

    /// <summary>A string, exactly as it was written: a path or a prompt with something left out is another one. Null if there is none, or an empty one.</summary>
    public string? Text(JournalField field) => _values[(int)field].Text is { Length: > 0 } text ? text : null;

    /// <summary>A time, UTC; null if there is none.</summary>
    public DateTimeOffset? Time(JournalField field) => _values[(int)field].Time;

    /// <summary>A number; null if there is none.</summary>
    public decimal? Number(JournalField field) => _values[(int)field].Number;

    /// <summary>Whether the value is true.</summary>
    public bool IsTrue(JournalField field) => _values[(int)field].IsTrue;

    /// <summary>An object or an array, until the next line; undefined if there is none.</summary>
    public JsonElement Element(JournalField field) => _values[(int)field].Document?.RootElement ?? default;

    /// <summary>Gives back what the elements of the line are read from. The line is over then.</summary>
    public void Dispose()
    {
        foreach (Value value in _values)
        {
            value.Document?.Dispose();
        }
    }

    private static int FieldOf(ref Utf8JsonReader json)
    {
        for (int field = 0; field < Names.Length; field++)
        {
            if (Is(field, ref json))
            {
                return field;
            }
        }

        return -1;
    }

    private static bool Is(int field, ref Utf8JsonReader json) =>
        json.ValueIsEscaped ? json.ValueTextEquals(Names[field]) : json.ValueSpan.SequenceEqual(Names[field]);

    private struct Value
    {
        public string? Text;
        public DateTimeOffset? Time;
        public decimal? Number;
        public bool IsTrue;
        public JsonDocument? Document;

        public static Value Read(ref Utf8JsonReader json, bool isTime)
        {
            var value = default(Value);
            switch (json.TokenType)
            {
                case JsonTokenType.String when isTime:
                    value.Time = json.TryGetDateTimeOffset(out DateTimeOffset time) ? time.ToUniversalTime() : null;
                    break;
                case JsonTokenType.String:
                    value.Text = TextOf(ref json);
                    break;
                case JsonTokenType.Number:
                    value.Number = json.TryGetDecimal(out decimal number) ? number : null;
                    break;
                case JsonTokenType.True:
                    value.IsTrue = true;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    value.Document = JsonDocument.ParseValue(ref json);
                    break;
            }

            return value;
        }

        /// <summary>Null if no string can hold it, such as half a character.</summary>
        private static string? TextOf(ref Utf8JsonReader json)
        {
            try
            {
                return json.GetString();
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }
}
