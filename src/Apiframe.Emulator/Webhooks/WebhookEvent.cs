using System;

namespace Apiframe.Emulator.Webhooks;

/// <summary>Something that a receiver is to be told.</summary>
internal sealed class WebhookEvent
{
    public WebhookEvent(string name, DateTimeOffset at)
    {
        Name = name;
        At = at;
    }

    public string Name { get; }

    /// <summary>When it happens. It tells of the job as it is then, even if it is sent later.</summary>
    public DateTimeOffset At { get; }
}
