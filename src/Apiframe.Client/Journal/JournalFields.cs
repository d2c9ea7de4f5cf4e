using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Apiframe.Client.Journal;

/// <summary>The fields of lines. Their JSON names begin with a lowercase letter.</summary>
internal enum JournalField
{
    // The fields up to here are times.
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
    Endpoint,
    Prompt,
    Local,
    Url,
    Version,
    Id,
}

/// <summary>
/// The fields of a line, which are read in one pass over its bytes, because a journal can have half a million lines. One object reads all lines.
/// </summary>
internal sealed class JournalFields : IDisposable
{
    private static readonly byte[][] Names =
        [.. Enum.GetNames(typeof(JournalField)).Select(name => Encoding.ASCII.GetBytes(char.ToLowerInvariant(name[0]) + name.Substring(1)))];

    /// <summary>The fields by the length of their names in bytes.</summary>
    private static readonly int[][] OfLength =
        [.. Enumerable.Range(0, Names.Max(name => name.Length) + 1).Select(length => Enumerable.Range(0, Names.Length).Where(field => Names[field].Length == length).ToArray())];

    private readonly Value[] _values = new Value[Names.Length];

    /// <summary>The fields that the current line contains, which are only a few.</summary>
    private readonly List<int> _given = [];

    private readonly JournalRequests _requests = new();
    private JsonDocument? _local;

    /// <summary>Reads a line, which replaces the previous one.</summary>
    /// <returns>Whether the line is an object.</returns>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    public bool Read(ReadOnlySpan<byte> line)
    {
        Dispose();
        var json = new Utf8JsonReader(line);
        bool isObject = json.Read() && json.TokenType == JsonTokenType.StartObject;
        while (json.Read())
        {
            if (isObject && json.TokenType == JsonTokenType.PropertyName)
            {
                int field = FieldOf(ref json);
                json.Read();
                if (field < 0)
                {
                    json.Skip();
                }
                else
                {
                    _given.Add(field);
                    Read(ref json, (JournalField)field, line);
                }
            }
        }

        return isObject;
    }

    /// <summary>
    /// Returns an unchanged string, because a changed path or prompt would be a different one. Null if it is missing or empty.
    /// </summary>
    public Utf8Text Text(JournalField field) => _values[(int)field].Text;

    /// <summary>Returns the value of a field with few different values. Null if it is missing or empty.</summary>
    public string? Word(JournalField field) => _values[(int)field].Word;

    /// <summary>Returns a time in UTC, or null if it is missing.</summary>
    public DateTimeOffset? Time(JournalField field) => _values[(int)field].Time;

    /// <summary>Returns a number, or null if it is missing.</summary>
    public decimal? Number(JournalField field) => _values[(int)field].Number;

    public bool IsTrue(JournalField field) => _values[(int)field].IsTrue;

    /// <summary>The request, or null if there is none or it cannot be read.</summary>
    public SubmitRequest? Request { get; private set; }

    /// <summary>The local files of the current line. Undefined if there are none.</summary>
    public JsonElement Local => _local?.RootElement ?? default;

    /// <summary>Disposes of the values of the current line.</summary>
    public void Dispose()
    {
        foreach (int field in _given)
        {
            _values[field] = default;
        }

        _given.Clear();
        _local?.Dispose();
        (_local, Request) = (null, null);
    }

    /// <summary>Returns the string of a value, or null if it is not valid Unicode, for example half of a surrogate pair.</summary>
    public static string? TextOf(ref Utf8JsonReader json)
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

    private void Read(ref Utf8JsonReader json, JournalField field, ReadOnlySpan<byte> line)
    {
        switch (field)
        {
            case JournalField.Request:
                Request = _requests.Read(ref json, line);
                break;
            case JournalField.Local:
                _local?.Dispose();
                _local = JsonDocument.ParseValue(ref json);
                break;
            default:
                _values[(int)field] = Value.Of(ref json, field);
                json.Skip();
                break;
        }
    }

    private static int FieldOf(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped)
        {
            string? escaped = TextOf(ref json);
            return Array.FindIndex(Names, name => Encoding.ASCII.GetString(name) == escaped);
        }

        ReadOnlySpan<byte> found = json.ValueSpan;
        foreach (int field in found.Length < OfLength.Length ? OfLength[found.Length] : [])
        {
            if (found.SequenceEqual(Names[field]))
            {
                return field;
            }
        }

        return -1;
    }

    private struct Value
    {
        /// <summary>Common values, which are shared so that not every line allocates its own string.</summary>
        private static readonly string[] Words = ["intended", "accepted", "completed", "saved", JobStatus.Queued];

        public Utf8Text Text;
        public string? Word;
        public DateTimeOffset? Time;
        public decimal? Number;
        public bool IsTrue;

        public static Value Of(ref Utf8JsonReader json, JournalField field)
        {
            var value = default(Value);
            switch (json.TokenType)
            {
                case JsonTokenType.String when field <= JournalField.ExpiresAt:
                    value.Time = json.TryGetDateTimeOffset(out DateTimeOffset time) ? time.ToUniversalTime() : null;
                    break;
                case JsonTokenType.String when json.ValueSpan.IsEmpty:
                    break;
                case JsonTokenType.String when field is JournalField.Event or JournalField.Status:
                    value.Word = WordOf(ref json);
                    break;
                case JsonTokenType.String:
                    value.Text = json.ValueIsEscaped ? TextOf(ref json) : Utf8Text.Of(json.ValueSpan);
                    break;
                case JsonTokenType.Number:
                    value.Number = json.TryGetDecimal(out decimal number) ? number : null;
                    break;
                case JsonTokenType.True:
                    value.IsTrue = true;
                    break;
            }

            return value;
        }

        private static string? WordOf(ref Utf8JsonReader json)
        {
            foreach (string word in Words)
            {
                if (!json.ValueIsEscaped && json.ValueTextEquals(word))
                {
                    return word;
                }
            }

            return TextOf(ref json);
        }
    }
}
