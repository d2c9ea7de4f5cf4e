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
/// Searches every exception that the client throws in any test for the key in its usual encodings. <see cref="RequestLog"/> searches the log lines.
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
        // The characters at both ends are removed, because they depend on the bytes before and after the key.
        .. from before in Enumerable.Range(0, 3) select Convert.ToBase64String([.. new byte[before], .. Bytes])[4..^4],
    ];

    private readonly ConcurrentBag<string> _leaks = [];

    public KeyWatch() => AppDomain.CurrentDomain.FirstChanceException += Look;

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Look;
        Assert.Empty(_leaks);
    }

    /// <summary>Returns the encodings in which a text contains the key.</summary>
    public static IReadOnlyList<string> LeaksOf(string text) =>
        [.. Spellings.Where(spelling => text.Replace("\0", string.Empty, StringComparison.Ordinal).Contains(spelling, StringComparison.OrdinalIgnoreCase))];

    /// <summary>Returns the encodings in which an exception, its causes, or its properties contain the key.</summary>
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
