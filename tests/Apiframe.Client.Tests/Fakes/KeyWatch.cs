using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Text;
using Apiframe.Client.Tests.Fakes;
using Xunit;

[assembly: AssemblyFixture(typeof(KeyWatch))]

namespace Apiframe.Client.Tests.Fakes;

/// <summary>
/// Looks for the key, in the usual spellings, in every exception that the core throws in any test. Log lines are looked at by <see cref="RequestLog"/>.
/// </summary>
public sealed class KeyWatch : IDisposable
{
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(FakeService.Key);

    private static readonly string[] Spellings =
    [
        FakeService.Key[4..],
        Convert.ToHexString(Bytes),
        BitConverter.ToString(Bytes),
        Each("%{0:x2}"),
        Each("\\u{0:x4}"),
        // Without the digits that depend on what stands before and behind.
        .. from before in Enumerable.Range(0, 3) select Convert.ToBase64String([.. new byte[before], .. Bytes])[4..^4],
    ];

    private readonly ConcurrentBag<string> _leaks = [];

    public KeyWatch() => AppDomain.CurrentDomain.FirstChanceException += Look;

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Look;
        Assert.Empty(_leaks);
    }

    /// <summary>The spellings in which a text holds the key.</summary>
    public static IReadOnlyList<string> LeaksOf(string text) =>
        [.. Spellings.Where(spelling => text.Replace("\0", string.Empty, StringComparison.Ordinal).Contains(spelling, StringComparison.OrdinalIgnoreCase))];

    /// <summary>The spellings in which an exception, its causes and what it carries hold the key.</summary>
    internal static IReadOnlyList<string> LeaksOf(Exception exception) =>
        LeaksOf(exception + (exception is ApiframeException e
            ? e.RequestId + string.Join(",", e.Details.Select(field => field.Key + string.Join(",", field.Value))) + e.Job?.RawJson + e.Job?.Error
            : string.Empty));

    private void Look(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (e.Exception is ApiframeException thrown && LeaksOf(thrown).Count > 0)
        {
            _leaks.Add(thrown.Message);
        }
    }

    private static string Each(string format) => string.Concat(Bytes.Select(one => string.Format(CultureInfo.InvariantCulture, format, one)));
}
