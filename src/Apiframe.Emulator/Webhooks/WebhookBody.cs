using System;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Webhooks;

/// <summary>What an event looks like on the wire: the contract's fields, and no others.</summary>
internal sealed class WebhookBody
{
    private readonly JobJson _jobJson;

    public WebhookBody(JobJson jobJson) => _jobJson = jobJson;

    public ArraySegment<byte> Of(WebhookEvent webhookEvent, EmulatedJob job) => JsonBody.Object(json =>
    {
        var state = job.StateAt(webhookEvent.At);
        json.WriteString("event", webhookEvent.Name);
        json.WriteString("jobId", job.Id);
        json.WriteString("status", JobStatusNames.NameOf(state.Status));
        if (state.Status == JobStatus.Failed)
        {
            json.WriteString("error", job.Error);
            json.WriteString("model", job.Request.Model);
            return;
        }

        json.WriteNumber("progress", state.Progress);
        if (state.Status == JobStatus.Completed)
        {
            _jobJson.WriteResult(json, job, state);
        }

        json.WriteString("model", job.Request.Model);
        if (state.Status == JobStatus.Completed)
        {
            json.WriteNumber("creditCost", job.Cost);
            json.WriteString("completedAt", Timestamp.Of(job.EndsAt));
        }
    });
}
