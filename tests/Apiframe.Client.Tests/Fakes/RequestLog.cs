using System.Collections.Generic;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>The verbose lines of a client.</summary>
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
        lock (_lines)
        {
            _lines.Add(entry.ToString());
        }
    }
}
