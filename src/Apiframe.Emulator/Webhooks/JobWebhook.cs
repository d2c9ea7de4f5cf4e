namespace Apiframe.Emulator.Webhooks;

/// <summary>The webhook of one job, and what has become of it.</summary>
internal sealed class JobWebhook
{
    private volatile string _status = "pending";

    public JobWebhook(WebhookTarget target) => Target = target;

    public WebhookTarget Target { get; }

    /// <summary>The job's <c>webhookStatus</c>: that of the last event, once it has been delivered or given up.</summary>
    public string Status => _status;

    public void Settle(bool isDelivered) => _status = isDelivered ? "delivered" : "failed";
}
