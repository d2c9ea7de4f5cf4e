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

/// <summary>The Apiframe v2 API, one method for each endpoint. Cheap to make; all state is in the connection.</summary>
public sealed class ApiframeClient
{
    /// <summary>The most jobs a page holds.</summary>
    public const int MaximumPageSize = 100;

    private readonly ApiTransport _transport;
    private readonly Submitter _submitter;

    /// <summary>Makes a client.</summary>
    /// <param name="connection">Where and as whom.</param>
    /// <param name="log">Called after each attempt, on any thread; for a verbose stream.</param>
    /// <param name="rateLimitTimeout">How long one request waits for 429 to pass; the connection's own time if not given.</param>
    public ApiframeClient(ApiframeConnection connection, Action<ApiframeRequestLog>? log = null, TimeSpan? rateLimitTimeout = null)
    {
        Connection = connection;
        RetryPolicy policy = rateLimitTimeout is { } timeout ? connection.RetryPolicy.WithRateLimitTimeout(timeout) : connection.RetryPolicy;
        _transport = new ApiTransport(connection, policy, log);
        _submitter = new Submitter(this, _transport);
    }

    /// <summary>Where and as whom.</summary>
    public ApiframeConnection Connection { get; }

    /// <summary>For how long the service's rate limit holds requests back from now on; zero or less if it does not.</summary>
    public TimeSpan HeldBack => Connection.Session.RateGate.HeldFor;

    /// <summary>
    /// Submits one image and returns when the service has accepted it. Local reference images are uploaded first, each once for the life of this object.
    /// </summary>
    /// <param name="request">What to make. It is checked before anything is sent; <see cref="IdempotencyScope.Claim"/> gives it a key that lasts over runs.</param>
    /// <param name="cancellationToken">
    /// Sends nothing more. What is on the wire has two seconds for its answer: the job if it comes, else <see cref="ApiframeErrorKind.SubmissionUnknown"/>.
    /// </param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.SubmissionUnknown"/> if the image may have been accepted anyway: submit again under the same
    /// idempotency key. Every other kind means that nothing was billed. <see cref="ApiframeException.Request"/> is the request with its key.
    /// </exception>
    public Task<BananaJob> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken = default) =>
        _submitter.SubmitAsync(request.Checked(), cancellationToken);

    /// <summary>
    /// Submits one image of a journal, unless the journal or the account has a job for it: the job then comes back, and nothing is billed. What is about to be
    /// sent is on the disk before it is sent, and the job before it is returned.
    /// </summary>
    /// <param name="claim">The image. It is disposed of, so claim it again to submit it again.</param>
    /// <param name="cancellationToken">As of the other overload. A job that was accepted is recorded anyway.</param>
    /// <exception cref="ApiframeException">
    /// As of the other overload. <see cref="ApiframeErrorKind.JournalNotWritable"/>: nothing was submitted; or, if <see cref="ApiframeException.Job"/> is there,
    /// that job was accepted and is not recorded. <see cref="ApiframeErrorKind.SubmissionUnknown"/> with <see cref="ApiframeException.IsKeyForgotten"/>: an earlier
    /// run submitted the image, and it is not known whether it was accepted.
    /// </exception>
    public Task<BananaJob> SubmitAsync(JournalClaim claim, CancellationToken cancellationToken = default) => _submitter.SubmitAsync(claim, cancellationToken);

    /// <summary>Asks for one job.</summary>
    /// <param name="jobId">The job's id, a UUID.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.NotFound"/> if the job does not exist.</exception>
    public Task<BananaJob> GetJobAsync(string jobId, CancellationToken cancellationToken = default) =>
        GetJobAsync(BananaJob.FromId(jobId, Connection), retry: true, cancellationToken);

    /// <summary>Asks for one page of jobs, newest first.</summary>
    /// <param name="filter">Which jobs.</param>
    /// <param name="limit">How many, 1 to <see cref="MaximumPageSize"/>.</param>
    /// <param name="cursor">The <see cref="JobPage.NextCursor"/> of the page before; null for the first.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<JobPage> ListJobsAsync(
        JobFilter filter, int limit = MaximumPageSize, string? cursor = null, CancellationToken cancellationToken = default) =>
        ListJobsAsync(filter, limit, cursor, known: _ => null, retry: true, cancellationToken);

    /// <summary>Gets the account that the key belongs to and its credits. This is the simplest test of a key, and it costs nothing.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.MissingApiKey"/>, or <see cref="ApiframeErrorKind.Authentication"/> if the service does not take the key;
    /// <see cref="ApiframeErrorKind.InvalidBaseUri"/> if the base URI is not an Apiframe service.
    /// </exception>
    public Task<BananaAccount> GetAccountAsync(CancellationToken cancellationToken = default) => GetAccountAsync(retry: true, cancellationToken);

    /// <summary>Gets the catalogue of models. It is public, so no key is needed and none is sent.</summary>
    /// <param name="modality">
    /// One of <see cref="BananaModel.KnownModalities"/> in any case, or a newer one; null or blank for the models of all kinds.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The models in the service's order, which may be none. The service may accept others too: the catalogue is a selection.</returns>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.InvalidRequest"/> if the service knows no such modality;
    /// <see cref="ApiframeErrorKind.InvalidBaseUri"/> if the base URI is not an Apiframe service.
    /// </exception>
    public Task<IReadOnlyList<BananaModel>> ListModelsAsync(string? modality = null, CancellationToken cancellationToken = default) =>
        ListModelsAsync(modality, retry: true, cancellationToken);

    /// <summary>The same, with a say in whether it is repeated.</summary>
    /// <param name="retry">Whether to repeat the request after a lost connection, a timeout or a 5xx: false for what can do without the answer.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<BananaAccount> GetAccountAsync(bool retry, CancellationToken cancellationToken) =>
        AccountReader.Read(await GetAsync(
            new ApiRequest(HttpMethod.Get, "v2/me") { TellsKeyPrefix = true }, AccountReader.RequireAccount, retry, cancellationToken).ConfigureAwait(false));

    /// <summary>The same, with a say in whether it is repeated.</summary>
    /// <param name="modality">As above.</param>
    /// <param name="retry">Whether to repeat the request after a lost connection, a timeout or a 5xx: false for what can do without the answer.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<IReadOnlyList<BananaModel>> ListModelsAsync(string? modality, bool retry, CancellationToken cancellationToken)
    {
        var query = new List<string>();
        AddQuery(query, "modality", modality?.Trim().ToLowerInvariant());
        string path = query.Count == 0 ? "v2/models" : "v2/models?" + query[0];
        return ModelReader.Read(await GetAsync(
            new ApiRequest(HttpMethod.Get, path) { NeedsKey = false }, ModelReader.RequireModels, retry, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks for what is always there. So a 404 is not about a job id that somebody mistyped, but about the address.</summary>
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
                ApiframeErrorKind.InvalidBaseUri, $"No Apiframe v2 service was found at {Connection.BaseUri}. It returned HTTP status 404 for {request.LoggedPath}, which every Apiframe v2 service has.", e)
            {
                StatusCode = e.StatusCode,
                RequestId = e.RequestId,
            };
        }
    }

    /// <summary>Puts a local file on the service's short-lived storage.</summary>
    /// <param name="path">The file: PNG, JPEG, WebP or GIF, at most 25 MB.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/> if the file cannot be a reference; it is checked before anything is sent.</exception>
    public async Task<BananaUpload> UploadAsync(string path, CancellationToken cancellationToken = default)
    {
        LocalReference.Check(path, "File");
        JsonElement upload = await _transport.SendAsync(
            new ApiRequest(HttpMethod.Post, "v2/uploads", UploadPath: path), UploadReader.Require, retry: true, cancellationToken).ConfigureAwait(false);
        return UploadReader.Read(upload);
    }

    /// <summary>Asks for one page, keeping what only the client knows of the jobs that it knew before.</summary>
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

    /// <summary>Asks for a job known before, keeping what only the client knows of it, such as the prompt and the idempotency key.</summary>
    /// <param name="known">The job as known.</param>
    /// <param name="retry">Whether to repeat the request after a lost connection, a timeout or a 5xx: false for a caller with a rule of its own.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
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

    /// <summary>The service's ids are UUIDs, so another text is a slip of the user's; but an id that the service gave itself is used as it is.</summary>
    private static string PathOf(BananaJob job) => Guid.TryParse(job.JobId, out Guid id) ? id.ToString()
        : job.IsFromService ? Uri.EscapeDataString(job.JobId)
        : throw ApiframeException.NotSent($"'{job.JobId}' is not a valid job ID. A job ID is a UUID, for example 7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90.");
}
