using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Retry;
using Apiframe.Client.Submit;
using Apiframe.Client.Transport;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client;

/// <summary>
/// The Apiframe v2 API, with one method for each endpoint. A client has no state of its own except its uploads. The connection contains the rest.
/// </summary>
public sealed class ApiframeClient
{
    /// <summary>The maximum number of jobs on a page.</summary>
    public const int MaximumPageSize = 100;

    private readonly ApiTransport _transport;
    private readonly Submitter _submitter;

    /// <summary>Creates a client.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="log">Called after each attempt, on any thread, for a verbose log.</param>
    /// <param name="rateLimitTimeout">The maximum time that one request waits for the rate limit. The default is that of the connection.</param>
    public ApiframeClient(ApiframeConnection connection, Action<ApiframeRequestLog>? log = null, TimeSpan? rateLimitTimeout = null)
    {
        Connection = connection;
        RetryPolicy policy = rateLimitTimeout is { } timeout ? connection.RetryPolicy.WithRateLimitTimeout(timeout) : connection.RetryPolicy;
        _transport = new ApiTransport(connection, policy, log);
        _submitter = new Submitter(this, _transport);
    }

    /// <summary>The connection of the client.</summary>
    public ApiframeConnection Connection { get; }

    /// <summary>The time for which the rate limit of the service holds requests back from now on. Zero or less if it does not.</summary>
    public TimeSpan HeldBack => Connection.Session.RateGate.HeldFor;

    /// <summary>
    /// Submits one image and returns when the service has accepted it. Local reference images are uploaded first, each once for each client.
    /// </summary>
    /// <param name="request">The request, which is checked before it is sent. <see cref="IdempotencyScope.Claim"/> gives it a key that is the same in every
    /// run.</param>
    /// <param name="cancellationToken">
    /// Cancels the submission. If it was already sent, it has two seconds to get a response: the job is returned, or the error is
    /// <see cref="ApiframeErrorKind.SubmissionUnknown"/>.
    /// </param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.SubmissionUnknown"/> if the image may have been accepted: submit it again under the same idempotency key. Any other kind
    /// means that nothing was billed, unless <see cref="ApiframeException.Charge"/> says otherwise. <see cref="ApiframeException.Request"/> is the request with
    /// its key.
    /// </exception>
    public Task<BananaJob> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken = default) =>
        _submitter.SubmitAsync(request.Checked(), cancellationToken);

    /// <summary>
    /// Submits one image of a journal, unless the journal or the account contains a job for it. Such a job is returned, and nothing is billed. The intent is
    /// flushed to disk before the request is sent, and the job before it is returned.
    /// </summary>
    /// <param name="claim">The claim, which is disposed of. Claim the image again to submit it again.</param>
    /// <param name="cancellationToken">As for the other overload. An accepted job is recorded even after a cancellation.</param>
    /// <exception cref="ApiframeException">
    /// As for the other overload. <see cref="ApiframeErrorKind.JournalNotWritable"/>: nothing was submitted, or, with an <see cref="ApiframeException.Job"/>,
    /// that job was accepted and is not recorded. <see cref="ApiframeErrorKind.SubmissionUnknown"/> with <see cref="ApiframeException.IsKeyForgotten"/>: an
    /// earlier run submitted the image, and it is unknown whether it was accepted.
    /// </exception>
    public Task<BananaJob> SubmitAsync(JournalClaim claim, CancellationToken cancellationToken = default) => _submitter.SubmitAsync(claim, cancellationToken);

    /// <summary>Gets one job.</summary>
    /// <param name="jobId">The ID of the job, a UUID.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.NotFound"/> if the job does not exist.</exception>
    public Task<BananaJob> GetJobAsync(string jobId, CancellationToken cancellationToken = default) =>
        GetJobAsync(BananaJob.FromId(jobId, Connection), retry: true, cancellationToken);

    /// <summary>Gets one page of jobs, newest first.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="limit">The maximum number of jobs, 1 to <see cref="MaximumPageSize"/>.</param>
    /// <param name="cursor">The <see cref="JobPage.NextCursor"/> of the previous page, or null for the first page.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<JobPage> ListJobsAsync(
        JobFilter filter, int limit = MaximumPageSize, string? cursor = null, CancellationToken cancellationToken = default) =>
        ListJobsAsync(filter, limit, cursor, known: _ => null, retry: true, cancellationToken);

    /// <summary>Gets the account of the key and its credits. This is the simplest test of a key, and it costs nothing.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.MissingApiKey"/>, or <see cref="ApiframeErrorKind.Authentication"/> if the service rejects the key.
    /// <see cref="ApiframeErrorKind.InvalidBaseUri"/> if the base URI is not an Apiframe service.
    /// </exception>
    public Task<BananaAccount> GetAccountAsync(CancellationToken cancellationToken = default) => GetAccountAsync(retry: true, cancellationToken);

    /// <summary>Gets the list of models. It is public, so no key is needed, and no key is sent.</summary>
    /// <param name="modality">
    /// One of <see cref="BananaModel.KnownModalities"/> in any case, or a newer modality. Null or empty for the models of all modalities.
    /// </param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The models in the order of the service. The list can be empty, and the service can accept models that are not in it.</returns>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.InvalidRequest"/> if the service does not know the modality.
    /// <see cref="ApiframeErrorKind.InvalidBaseUri"/> if the base URI is not an Apiframe service.
    /// </exception>
    public Task<IReadOnlyList<BananaModel>> ListModelsAsync(string? modality = null, CancellationToken cancellationToken = default) =>
        ListModelsAsync(modality, retry: true, cancellationToken);

    /// <summary>Gets the account of the key, with or without retries.</summary>
    /// <param name="retry">Whether the request is repeated after a lost connection, a timeout, or a 5xx. False for callers that do not depend on the
    /// response.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<BananaAccount> GetAccountAsync(bool retry, CancellationToken cancellationToken) =>
        AccountReader.Read(await GetAsync(
            new ApiRequest(HttpMethod.Get, "v2/me") { TellsKeyPrefix = true }, AccountReader.RequireAccount, retry, cancellationToken).ConfigureAwait(false));

    /// <summary>Gets the list of models, with or without retries.</summary>
    /// <param name="modality">As for the other overload.</param>
    /// <param name="retry">Whether the request is repeated after a lost connection, a timeout, or a 5xx. False for callers that do not depend on the
    /// response.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<IReadOnlyList<BananaModel>> ListModelsAsync(string? modality, bool retry, CancellationToken cancellationToken)
    {
        var query = new List<string>();
        AddQuery(query, "modality", modality?.Trim().ToLowerInvariant());
        string path = query.Count == 0 ? "v2/models" : "v2/models?" + query[0];
        return ModelReader.Read(await GetAsync(
            new ApiRequest(HttpMethod.Get, path) { NeedsKey = false }, ModelReader.RequireModels, retry, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Requests a path that every service has. A 404 therefore means that the base URI is wrong, and not that a job ID is unknown.</summary>
    private async Task<JsonElement> GetAsync(
        ApiRequest request, Func<JsonElement, string?> problem, bool retry, CancellationToken cancellationToken)
    {
        try
        {
            return await _transport.SendAsync(request, problem, retry, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.NotFound)
        {
            throw new ApiframeException(
                ApiframeErrorKind.InvalidBaseUri, $"The server at {Connection.BaseUri} is not an Apiframe v2 service. It returned HTTP status 404 for the path {request.LoggedPath}. Every Apiframe v2 service has this path.", e)
            {
                StatusCode = e.StatusCode,
                RequestId = e.RequestId,
            };
        }
    }

    /// <summary>Uploads a local file to the temporary storage of the service.</summary>
    /// <param name="path">The path of a PNG, JPEG, WebP, or GIF file of at most 25 MB.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.InvalidRequest"/> if the file cannot be used as a reference. It is checked before a request is sent.
    /// </exception>
    public async Task<BananaUpload> UploadAsync(string path, CancellationToken cancellationToken = default)
    {
        LocalReference.Check(path, "File");
        JsonElement upload = await _transport.SendAsync(
            new ApiRequest(HttpMethod.Post, "v2/uploads", UploadPath: path), UploadReader.Require, retry: true, cancellationToken).ConfigureAwait(false);
        return UploadReader.Read(upload);
    }

    /// <summary>Gets one page of jobs. Jobs that were known before keep the properties that only the client knows.</summary>
    internal async Task<JobPage> ListJobsAsync(
        JobFilter filter, int limit, string? cursor, Func<string, BananaJob?> known, bool retry, CancellationToken cancellationToken)
    {
        var query = new List<string> { "limit=" + limit.ToString(CultureInfo.InvariantCulture) };
        AddQuery(query, "status", filter.Status is null ? null : JobStatus.Normalize(filter.Status));
        AddQuery(query, "model", filter.Model);
        AddQuery(query, "scope", filter.Team ? "team" : null);
        AddQuery(query, "cursor", cursor);
        JsonElement page = await _transport.SendAsync(
            new ApiRequest(HttpMethod.Get, "v2/jobs?" + string.Join("&", query)), JobReader.RequireJobs, retry, cancellationToken).ConfigureAwait(false);

        var jobs = page.Property("jobs")!.Value.EnumerateArray().Select(job => JobReader.Read(job, Connection, known, isListed: true)).ToList();
        string? next = page.IsTrue("hasMore") ? page.Text("nextCursor") : null;
        return new JobPage(jobs, next == cursor ? null : next) { IsLast = page.Property("hasMore") is { ValueKind: JsonValueKind.False } };
    }

    /// <summary>Gets a known job again. It keeps the properties that only the client knows, such as the prompt and the idempotency key.</summary>
    /// <param name="known">The known job.</param>
    /// <param name="retry">Whether the request is repeated after a lost connection, a timeout, or a 5xx. False for callers with their own retry rule.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.NotFound"/> if the job does not exist.</exception>
    public async Task<BananaJob> GetJobAsync(BananaJob known, bool retry, CancellationToken cancellationToken)
    {
        JsonElement json = await _transport.SendAsync(
            new ApiRequest(HttpMethod.Get, "v2/jobs/" + PathOf(known)), answer => JobReader.RequireJob(answer, known.JobId), retry, cancellationToken)
          .ConfigureAwait(false);
        return JobReader.Read(json, Connection, _ => known);
    }

    private static void AddQuery(List<string> query, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            query.Add(name + "=" + Uri.EscapeDataString(value!));
        }
    }

    /// <summary>Returns the path of a job. The IDs of the service are UUIDs, so any other text is a mistake, unless the service itself returned it.</summary>
    private static string PathOf(BananaJob job) => Guid.TryParse(job.JobId, out Guid id) ? id.ToString()
        : job.IsFromService ? Uri.EscapeDataString(job.JobId)
        : throw ApiframeException.NotSent($"'{job.JobId}' is not a valid job ID. A job ID is a UUID, for example 7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90.");
}
