using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Journal;

/// <summary>Converts events to lines of JSON and back. The names in JSON are spelled only here. docs/journal.md describes them.</summary>
internal static class JournalLine
{
    /// <summary>The format version that is written, which is also the latest that can be read.</summary>
    public const int Version = 1;

    /// <summary>The beginning of every journal. These bytes never change between formats.</summary>
    public const string Beginning = """{"event":"journal",""";

    // Non-ASCII characters are not escaped, so that prompts are readable. A journal is never part of a web page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The writer of this thread. A new writer for each line would allocate 4 KB.</summary>
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Returns the line in UTF-8, with its line feed.</summary>
    public static byte[] Write(JournalEvent entry)
    {
        using var stream = new MemoryStream();
        Utf8JsonWriter json = _writer ??= new Utf8JsonWriter(stream, Readable);
        json.Reset(stream);
        Write(json, entry);
        json.Flush();
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Returns the event of a line, or null if it is unknown to this version.</summary>
    /// <exception cref="FormatException">A required field is missing. The message contains its name.</exception>
    public static JournalEvent? Read(JournalFields line) => (line.Word(JournalField.Event) ?? throw Missing(JournalField.Event)) switch
    {
        "uploaded" => new JournalEvent.Uploaded(
            At(line), Required(line, JournalField.Sha256), WebUrl.Parse(Required(line, JournalField.Url).ToString()) ?? throw Missing("url"), line.Time(JournalField.ExpiresAt)),
        "intended" => ReadIntended(line),
        "accepted" => new JournalEvent.Accepted(
            At(line), Required(line, JournalField.Key), Required(line, JournalField.JobId), JobStatus.Normalize(line.Word(JournalField.Status)),
            line.IsTrue(JournalField.Adopted)),
        "refused" => new JournalEvent.Refused(At(line), Required(line, JournalField.Key), Required(line, JournalField.Kind).ToString()),
        "completed" => ReadEnded(line, JobStatus.Completed),
        "failed" => ReadEnded(line, JobStatus.Failed),
        "cancelled" => ReadEnded(line, JobStatus.Cancelled),
        "saved" => new JournalEvent.Saved(
            At(line), Required(line, JournalField.JobId), (int)Number(line, JournalField.Index, int.MaxValue), Required(line, JournalField.File),
            Number(line, JournalField.Length), Required(line, JournalField.Sha256)),
        _ => null,
    };

    /// <summary>Returns the event of the first line.</summary>
    /// <exception cref="FormatException">The line is not the first line of a journal.</exception>
    /// <exception cref="NotSupportedException">The journal has a newer format.</exception>
    public static JournalEvent.Begun ReadFirst(JournalFields line)
    {
        if (!IsFirst(line) || line.Number(JournalField.Version) is not { } version || version < 1)
        {
            throw new FormatException("it is not the first line of a journal");
        }

        return version > Version
            ? throw new NotSupportedException(version.ToString(CultureInfo.InvariantCulture))
            : new JournalEvent.Begun(line.Time(JournalField.CreatedAt) ?? throw Missing("createdAt"), Required(line, JournalField.Id).ToString());
    }

    /// <summary>Whether the line has the event of the first line of a journal.</summary>
    public static bool IsFirst(JournalFields line) => line.Word(JournalField.Event) == "journal";

    /// <summary>Returns a time in whole milliseconds, as journals contain it.</summary>
    public static DateTimeOffset Rounded(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    private static void Write(Utf8JsonWriter json, JournalEvent entry)
    {
        json.WriteStartObject();
        switch (entry)
        {
            case JournalEvent.Begun begun:
                json.WriteString("event", "journal");
                json.WriteNumber("version", Version);
                json.WriteString("id", begun.Id);
                json.WriteString("createdAt", Text(begun.At));
                break;
            case JournalEvent.Uploaded uploaded:
                Begin(json, "uploaded", uploaded);
                json.WriteString("sha256", uploaded.Sha256.Bytes);
                json.WriteString("url", uploaded.Url.AbsoluteUri);
                WriteTime(json, "expiresAt", uploaded.ExpiresAt);
                break;
            case JournalEvent.Intended intended:
                Begin(json, "intended", intended);
                WriteIntended(json, intended);
                break;
            case JournalEvent.Accepted accepted:
                Begin(json, "accepted", accepted);
                json.WriteString("key", accepted.Key.Bytes);
                json.WriteString("jobId", accepted.JobId.Bytes);
                json.WriteString("status", accepted.Status);
                if (accepted.IsAdopted)
                {
                    json.WriteBoolean("adopted", true);
                }

                break;
            case JournalEvent.Refused refused:
                Begin(json, "refused", refused);
                json.WriteString("key", refused.Key.Bytes);
                json.WriteString("kind", refused.Kind);
                break;
            case JournalEvent.Ended ended:
                Begin(json, ended.Status.ToLowerInvariant(), ended);
                WriteEnded(json, ended);
                break;
            case JournalEvent.Saved saved:
                Begin(json, "saved", saved);
                json.WriteString("jobId", saved.JobId.Bytes);
                json.WriteNumber("index", saved.Index);
                json.WriteString("file", saved.File.Bytes);
                json.WriteNumber("length", saved.Length);
                json.WriteString("sha256", saved.Sha256.Bytes);
                break;
            default:
                throw new ArgumentException("The entry has no line in a journal.", nameof(entry));
        }

        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, string name, JournalEvent entry)
    {
        json.WriteString("event", name);
        json.WriteString("at", Text(entry.At));
    }

    private static void WriteIntended(Utf8JsonWriter json, JournalEvent.Intended intended)
    {
        json.WriteString("key", intended.Key.Bytes);
        json.WriteString("fingerprint", intended.Fingerprint.Bytes);
        json.WriteNumber("ordinal", intended.Ordinal);
        json.WriteNumber("attempt", intended.Attempt);
        if (intended.Request.Edit is not null)
        {
            json.WriteString("endpoint", "/" + intended.Request.Path);
            if (intended.Request.PromptOrNull is { } prompt)
            {
                json.WriteString("prompt", prompt);
            }
        }

        json.WritePropertyName("request");
        string? webhook = intended.Request.WebhookUrl;
        RequestBody.Write(json, intended.Request with { WebhookUrl = webhook is null ? null : WebUrl.Shown(webhook) }, RequestForm.OpenApi);
        if (intended.Locals.Count > 0)
        {
            json.WriteStartArray("local");
            foreach (JournalEvent.Local local in intended.Locals)
            {
                json.WriteStartObject();
                json.WriteNumber("index", local.Index);
                json.WriteString("path", local.Path);
                json.WriteString("sha256", local.Sha256);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static JournalEvent.Intended ReadIntended(JournalFields line)
    {
        SubmitRequest request = line.Request ?? throw Missing(JournalField.Request);
        if (request.Edit is not null)
        {
            request = Required(line, JournalField.Endpoint).ToString() == "/" + request.Path ? request with { Prompt = line.Text(JournalField.Prompt).ToString() } : throw Missing(JournalField.Endpoint);
        }

        return new JournalEvent.Intended(
            At(line),
            Required(line, JournalField.Key),
            Required(line, JournalField.Fingerprint),
            (int)Number(line, JournalField.Ordinal, int.MaxValue),
            (int)Number(line, JournalField.Attempt, int.MaxValue),
            request)
        {
            Locals = line.Local is { ValueKind: JsonValueKind.Array } locals ? ReadLocals(locals, request.ReferenceImage.Count) : [],
        };
    }

    private static List<JournalEvent.Local> ReadLocals(JsonElement json, int references) =>
    [
        .. from local in json.EnumerateArray()
           select new JournalEvent.Local(
               local.Number("index") is { } index and >= 0 && index < references ? (int)index : throw Missing("index"),
               local.Exact("path") ?? throw Missing("path"),
               local.Exact("sha256") ?? throw Missing("sha256")),
    ];

    private static void WriteEnded(Utf8JsonWriter json, JournalEvent.Ended ended)
    {
        json.WriteString("jobId", ended.JobId.Bytes);
        if (ended.CreditCost is { } cost)
        {
            json.WriteNumber("creditCost", cost);
        }

        WriteTime(json, "createdAt", ended.CreatedAt);
        WriteTime(json, "completedAt", ended.CompletedAt);
        if (ended.Error is not null)
        {
            json.WriteString("error", ended.Error);
        }

        if (ended.ImageCount > 0)
        {
            json.WriteNumber("images", ended.ImageCount);
        }
    }

    private static JournalEvent.Ended ReadEnded(JournalFields line, string status) => new(At(line), Required(line, JournalField.JobId), status)
    {
        CreditCost = line.Number(JournalField.CreditCost),
        CreatedAt = line.Time(JournalField.CreatedAt),
        CompletedAt = line.Time(JournalField.CompletedAt),
        Error = line.Text(JournalField.Error).Value,
        ImageCount = line.Number(JournalField.Images) is { } images and >= 0 and <= int.MaxValue ? (int)images : 0,
    };

    private static DateTimeOffset At(JournalFields line) => line.Time(JournalField.At) ?? throw Missing("at");

    private static Utf8Text Required(JournalFields line, JournalField field) => line.Text(field) is { IsNull: false } text ? text : throw Missing(field);

    private static long Number(JournalFields line, JournalField field, long maximum = long.MaxValue) =>
        line.Number(field) is { } number and >= 0 && number <= maximum ? (long)number : throw Missing(field);

    private static FormatException Missing(JournalField field) => Missing(char.ToLowerInvariant(field.ToString()[0]) + field.ToString().Substring(1));

    private static FormatException Missing(string name) => new($"it has no valid '{name}'");

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } given)
        {
            json.WriteString(name, Text(given));
        }
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
