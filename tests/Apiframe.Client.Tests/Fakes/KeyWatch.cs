using System;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Apiframe.Client.Tests.Fakes;
using Xunit;

[assembly: AssemblyFixture(typeof(KeyWatch))]

namespace Apiframe.Client.Tests.Fakes;

/// <summary>Looks for the key in every exception that the core throws in any test. Log lines are looked at by <see cref="RequestLog"/>.</summary>
public sealed class KeyWatch : IDisposable
{
    private readonly ConcurrentBag<string> _leaks = [];

    public KeyWatch() => AppDomain.CurrentDomain.FirstChanceException += Look;

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Look;
        Assert.Empty(_leaks);
    }

    private void Look(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (e.Exception is ApiframeException thrown && thrown.ToString().Contains(FakeService.Key, StringComparison.Ordinal))
        {
            _leaks.Add(thrown.Message);
        }
    }
}
