using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>Values as a person says them, for Apiframe.NanoBanana.format.ps1xml. Anything that cannot be said is an empty string, never an error.</summary>
public static class ViewText
{
    /// <summary>How long ago it was: <c>12 s</c>, <c>3 min</c>, <c>5 h</c>, <c>12 d</c>.</summary>
    /// <param name="time">A <see cref="DateTimeOffset"/> or <see cref="DateTime"/>, or the copy of one that comes from a file or another machine.</param>
    public static string Age(object? time) => Time(time) is { } then ? Span(DateTimeOffset.UtcNow - then) : string.Empty;

    /// <summary>How long it took, as <see cref="Age"/> says it.</summary>
    public static string Duration(object? from, object? to) => Time(from) is { } start && Time(to) is { } end ? Span(end - start) : string.Empty;

    /// <summary>When it was or will be, in local time, and how far that is: <c>2026-11-23 06:20:11 (3 min ago)</c>.</summary>
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

    /// <summary>How much longer it will last; <c>over</c> if the time has come.</summary>
    public static string Left(object? time) => Time(time) is not { } then ? string.Empty
        : then <= DateTimeOffset.UtcNow ? "over"
        : Span(then - DateTimeOffset.UtcNow);

    /// <summary>The text in one line, without what a terminal would obey.</summary>
    public static string Line(object? text) => Regex.Replace(text?.ToString() ?? string.Empty, @"[\s\p{C}-[\p{Cs}\p{Co}\u200D]]+", " ").Trim();

    /// <summary>What an image shows and, if it was edited, what was done, in one line: <c>upscaled 4 times: a kite</c>.</summary>
    public static string Subject(object? prompt, object? edit) => string.Join(": ", new[] { Line(edit), Line(prompt) }.Where(part => part.Length > 0));

    /// <summary>The text in as many lines as it has, without what a terminal would obey.</summary>
    public static string Text(object? text) => ShownText.Printable(text?.ToString() ?? string.Empty);

    /// <summary>The last 12 digits of a job's id, which tell the jobs of a batch apart.</summary>
    public static string ShortId(object? id) => Line(id) is { Length: > 12 } whole ? whole.Substring(whole.Length - 12) : Line(id);

    /// <summary>A file's name without its folder.</summary>
    public static string FileName(object? path) => Line(path) is var whole ? whole.Substring(whole.LastIndexOfAny(['/', '\\']) + 1) : string.Empty;

    /// <summary>A file's size: <c>812 B</c>, <c>51 KB</c>, <c>4.2 MB</c>.</summary>
    public static string Size(object? bytes) => bytes is null ? string.Empty : Convert.ToDouble(bytes, CultureInfo.InvariantCulture) switch
    {
        < 1024 and var size => $"{size:0} B",
        < 1024 * 1024 and var size => $"{size / 1024:0} KB",
        var size => (size / 1024 / 1024).ToString("0.0", CultureInfo.CurrentCulture) + " MB",
    };

    /// <summary>A point in time. Import-Clixml and remoting make an object of a <see cref="DateTimeOffset"/> that has its properties.</summary>
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
