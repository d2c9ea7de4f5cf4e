using System.Collections.Generic;
using Xunit;

namespace Apiframe.Client.Tests.Fakes;

internal sealed class RequestLog
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public void Add(ApiframeRequestLog entry)
    {
        Assert.Empty(KeyWatch.LeaksOf(entry.ToString()));
        lock (_lines)
        {
            _lines.Add(entry.ToString());
        }
    }
}
