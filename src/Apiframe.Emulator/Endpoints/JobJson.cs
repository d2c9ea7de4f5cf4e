using System;
using System.Text.Json;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Endpoints;

/// <summary>A job as the wire shows it.</summary>
internal sealed class JobJson
{
    private readonly string _filesUri;

    public JobJson(Uri baseUri) => _filesUri = new Uri(baseUri, FilesEndpoint.PathPrefix).AbsoluteUri;

    /// <summary>The members of a job, without the <c>input</c> that only the single job shows.</summary>
    public void WriteMembers(Utf8JsonWriter json, EmulatedJob job, DateTimeOffset now)
    {
        var state = job.StateAt(now);
        json.WriteString("id", job.Id);
        json.WriteString("status", JobStatusNames.NameOf(state.Status));
        json.WriteString("model", job.Request.Model);
        json.WriteNumber("progress", state.Progress);
        WriteResult(json, job, state);

        json.WriteString("error", state.Status == JobStatus.Failed ? job.Error : null);
        json.WriteNumber("creditCost", job.CostToldAt(state));
        json.WriteString("webhookStatus", job.Webhook?.Status);
        json.WriteString("createdAt", Timestamp.Of(job.CreatedAt));
        json.WriteString("completedAt", state.IsFinal ? Timestamp.Of(job.EndsAt) : null);
        json.WriteBoolean("expired", state.IsExpired);
    }

    public void WriteResult(Utf8JsonWriter json, EmulatedJob job, JobState state)
    {
        if (state.HasResult)
        {
            json.WriteStartObject("result");
            json.WriteStartArray("images");
            json.WriteStringValue(_filesUri + job.FileName);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("result");
        }
    }
}
