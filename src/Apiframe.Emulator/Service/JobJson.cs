using System;
using System.Text.Json.Nodes;

namespace Apiframe.Emulator.Service;

/// <summary>Jobs as the service writes them.</summary>
/// <param name="filesUri">Where the files of jobs are.</param>
internal sealed class JobJson(Uri filesUri)
{
    /// <summary>The members of a job, without the <c>input</c> that only the single job shows.</summary>
    public JsonObject Of(EmulatedJob job, DateTimeOffset now)
    {
        var state = job.StateAt(now);
        return new JsonObject
        {
            ["id"] = job.Id,
            ["status"] = state.Status,
            ["model"] = job.Request.Model,
            ["progress"] = state.Progress,
            ["result"] = state.HasResult ? ResultOf(job) : null,
            ["error"] = state.Status == JobStatus.Failed ? job.Error : null,
            ["creditCost"] = job.CostToldAt(state),
            ["webhookStatus"] = job.WebhookStatus,
            ["createdAt"] = JsonResponse.Timestamp(job.CreatedAt),
            ["completedAt"] = state.IsFinal ? JsonResponse.Timestamp(job.EndsAt) : null,
            ["expired"] = state.IsExpired,
        };
    }

    /// <summary>The body of a webhook: the fields of the event, and no others.</summary>
    public JsonObject Of(WebhookEvent webhookEvent, EmulatedJob job)
    {
        var state = job.StateAt(webhookEvent.At);
        var body = new JsonObject { ["event"] = webhookEvent.Name, ["jobId"] = job.Id, ["status"] = state.Status, ["model"] = job.Request.Model };
        if (webhookEvent.Name == WebhookTarget.Failed)
        {
            body["error"] = job.Error;
            return body;
        }

        body["progress"] = state.Progress;
        if (webhookEvent.Name == WebhookTarget.Completed)
        {
            body["result"] = state.HasResult ? ResultOf(job) : null;
            body["creditCost"] = job.Cost;
            body["completedAt"] = JsonResponse.Timestamp(job.EndsAt);
        }

        return body;
    }

    private JsonObject ResultOf(EmulatedJob job) => new() { ["images"] = new JsonArray(filesUri.AbsoluteUri + job.FileName) };
}
