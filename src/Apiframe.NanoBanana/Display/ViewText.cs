using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>Values as text, for Apiframe.NanoBanana.format.ps1xml. A value that cannot be shown is an empty string and never an error.</summary>
public static class ViewText
{
    /// <summary>Returns the time that has passed since then: <c>12 s</c>, <c>3 min</c>, <c>5 h</c>, <c>12 d</c>.</summary>
    /// <param name="time">A <see cref="DateTimeOffset"/> or <see cref="DateTime"/>, or a copy of one that was read from a file or received from another
    /// computer.</param>
    public static string Age(object? time) => Time(time) is { } then ? Span(DateTimeOffset.UtcNow - then) : string.Empty;

    /// <summary>Returns the time between two times, in the format of <see cref="Age"/>.</summary>
    public static string Duration(object? from, object? to) => Time(from) is { } start && Time(to) is { } end ? Span(end - start) : string.Empty;

    /// <summary>Returns a local time and the time until or since then: <c>2026-11-23 06:20:11 (3 min ago)</c>.</summary>
    public static string Moment(object? time)
    {
        if (Time(time) is not { } then)
        {
            return string.Empty;
        }

        TimeSpan ago = DateTimeOffset.UtcNow - then;
        string distance = ago < TimeSpan.Zero ? $"in {Span(-ago)}" : $"{Span(ago)} ago";
        return $"{then.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} ({distance})";
    }

    /// <summary>Returns the remaining time, or <c>over</c> if the time has passed.</summary>
    public static string Left(object? time) => Time(time) is not { } then ? string.Empty
        : then <= DateTimeOffset.UtcNow ? "over"
        : Span(then - DateTimeOffset.UtcNow);

    /// <summary>Returns the text in one line, without characters that a terminal interprets.</summary>
    public static string Line(object? text) => Regex.Replace(text?.ToString() ?? string.Empty, @"[\s\p{C}-[\p{Cs}\p{Co}\u200D]]+", " ").Trim();

    /// <summary>Returns the edit, if any, and the description of an image in one line: <c>upscaled by a factor of 4: a kite</c>.</summary>
    public static string Subject(object? prompt, object? edit) => string.Join(": ", new[] { Line(edit), Line(prompt) }.Where(part => part.Length > 0));

    /// <summary>Returns the text with its lines, without characters that a terminal interprets.</summary>
    public static string Text(object? text) => ShownText.Printable(text?.ToString() ?? string.Empty);

    /// <summary>Returns the last 12 digits of a job ID, which distinguish the jobs of a batch.</summary>
    public static string ShortId(object? id) => Line(id) is { Length: > 12 } whole ? whole.Substring(whole.Length - 12) : Line(id);

    /// <summary>Returns the name of a file without its folder.</summary>
    public static string FileName(object? path) => Line(path) is var whole ? whole.Substring(whole.LastIndexOfAny(['/', '\\']) + 1) : string.Empty;

    /// <summary>Returns the size of a file: <c>812 B</c>, <c>51 KB</c>, <c>4.2 MB</c>.</summary>
    public static string Size(object? bytes) => bytes is null ? string.Empty : Convert.ToDouble(bytes, CultureInfo.InvariantCulture) switch
    {
        < 1024 and var size => $"{size:0} B",
        < 1024 * 1024 and var size => $"{size / 1024:0} KB",
        var size => (size / 1024 / 1024).ToString("0.0", CultureInfo.CurrentCulture) + " MB",
    };

    /// <summary>Returns a time. Import-Clixml and remoting convert a <see cref="DateTimeOffset"/> to an object with its properties.</summary>
    private static DateTimeOffset? Time(object? time) => time switch
    {
        DateTimeOffset exact => exact,
        DateTime local => local,
        PSObject { BaseObject: not PSCustomObject and var plain } => Time(plain),
        PSObject copy => copy.Properties[nameof(DateTimeOffset.UtcDateTime)]?.Value is DateTime utc ? utc : null,
        _ => null,
    };

    private static string Span(TimeSpan span) => span.Duration() switch
    {
        { TotalSeconds: < 99.5 } seconds => $"{seconds.TotalSeconds:0} s",
        { TotalMinutes: < 99.5 } minutes => $"{minutes.TotalMinutes:0} min",
        { TotalHours: < 47.5 } hours => $"{hours.TotalHours:0} h",
        var days => $"{days.TotalDays:0} d",
    };
}
