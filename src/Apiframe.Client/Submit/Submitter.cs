using System;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Retry;
using Apiframe.Client.Transport;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Submit;

/// <summary>Submits requests and returns their jobs. Each image is billed once, regardless of the outcome of its attempts.</summary>
internal sealed class Submitter
{
    /// <summary>The maximum number of times that an image of a journal is settled again because the service knows its key with another request.</summary>
    private const int MaximumRefusals = 3;

    private readonly ApiframeClient _client;
    private readonly ApiframeConnection _connection;
    private readonly ApiTransport _transport;
    private readonly ReferenceUploads _uploads;
    private readonly EarlierJobs _earlier;

    /// <param name="client">The client for uploads and for requests about jobs.</param>
    /// <param name="transport">The transport for submissions.</param>
    public Submitter(ApiframeClient client, ApiTransport transport)
    {
        _client = client;
        _connection = client.Connection;
        _transport = transport;
        _uploads = new ReferenceUploads(_connection.Session.Clock, client.UploadAsync);
        _earlier = new EarlierJobs(client);
    }

    /// <summary>
    /// Submits an image and returns when the service has accepted it. Under a scope, an image whose job failed in an earlier run is submitted again.
    /// </summary>
    /// <param name="image">The checked request.</param>
    /// <param name="cancellationToken">As for <see cref="ApiframeClient.SubmitAsync(SubmitRequest, CancellationToken)"/>.</param>
    /// <exception cref="ApiframeException">As for <see cref="ApiframeClient.SubmitAsync(SubmitRequest, CancellationToken)"/>.</exception>
    public async Task<BananaJob> SubmitAsync(SubmitRequest image, CancellationToken cancellationToken)
    {
        for (int replays = 0; ; replays++)
        {
            BananaJob job = await SubmitOnceAsync(image, claim: null, cancellationToken).ConfigureAwait(false);
            if (!image.IsScoped || !FailedJobRetry.IsWorthAsking(job, replays))
            {
                return job;
            }

            // Under a key of a scope, the service would always return the failed job of an earlier run. Only the job object shows whether it failed and what
            // it cost.
            job = await ToldAsync(job, cancellationToken).ConfigureAwait(false);
            if (!job.IsRefunded)
            {
                return job;
            }

            image = image with { IdempotencyKey = IdempotencyScope.Next(image.IdempotencyKey!), OutcomeUnknownSince = null };
        }
    }

    /// <summary>Submits the image of a claim, unless the journal or the account contains a job for it.</summary>
    /// <param name="claim">The claim, which is disposed of.</param>
    /// <param name="cancellationToken">As for <see cref="ApiframeClient.SubmitAsync(JournalClaim, CancellationToken)"/>.</param>
    /// <exception cref="ApiframeException">As for <see cref="ApiframeClient.SubmitAsync(JournalClaim, CancellationToken)"/>.</exception>
    public async Task<BananaJob> SubmitAsync(JournalClaim claim, CancellationToken cancellationToken)
    {
        using (claim)
        {
            for (int refusals = 0; ; refusals++)
            {
                JournalStep step = await claim.SettleAsync(_client, cancellationToken).ConfigureAwait(false);
                if (step is not JournalStep.Submit submit)
                {
                    return step is JournalStep.Saved saved ? saved.Job : ((JournalStep.Take)step).Job;
                }

                try
                {
                    return await SubmitOnceAsync(submit.Request, claim, cancellationToken).ConfigureAwait(false);
                }
                catch (ApiframeException e)
                {
                    bool mayBeFound = await claim.RefuseAsync(e).ConfigureAwait(false);
                    if (!mayBeFound || refusals == MaximumRefusals)
                    {
                        throw;
                    }
                }
            }
        }
    }

    private async Task<SubmitRequest> UploadedAsync(SubmitRequest image, JournalClaim? claim, CancellationToken cancellationToken)
    {
        try
        {
            return await _uploads.ResolveAsync(image, claim, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiframeException e)
        {
            // A new exception is created, because a failed upload is shared by several prompts, and each sets its own properties.
            throw new ApiframeException(e.Kind, e.Message, e) { StatusCode = e.StatusCode, RequestId = e.RequestId, Charge = e.Charge };
        }
    }

    /// <summary>Returns the current job, or the known one if it cannot be requested.</summary>
    private async Task<BananaJob> ToldAsync(BananaJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.GetJobAsync(job, retry: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiframeException)
        {
            return job;
        }
    }

    /// <summary>Submits under one key. After an attempt without a clear response, the outcome is unknown until a job is returned.</summary>
    private async Task<BananaJob> SubmitOnceAsync(SubmitRequest request, JournalClaim? claim, CancellationToken cancellationToken)
    {
        SubmitRequest image = request;
        bool isOpen = request.OutcomeUnknownSince > _connection.Session.Clock.UtcNow - IdempotencyScope.KeyLifetime;
        var outcome = new RequestOutcome { UnknownSince = isOpen ? request.OutcomeUnknownSince : null };

        // An attempt can wait for hours, so expired uploads are repeated. After an unclear attempt, the same body is sent, because the service rejects a known
        // key with another body.
        async Task<byte[]> BodyAsync(RequestForm form, CancellationToken token)
        {
            image = outcome.IsUnknown ? image : await UploadedAsync(request, claim, token).ConfigureAwait(false);
            if (claim is not null)
            {
                await claim.IntendAsync(image).ConfigureAwait(false);
            }

            return RequestBody.Write(image, form);
        }

        async Task<BananaJob> AcceptedAsync()
        {
            if (claim is not null)
            {
                await claim.EnterWireAsync(image, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                JsonElement accepted = await _connection.Session.RequestForm.SendAsync(
                    image,
                    form => _transport.SendAsync(
                        new ApiRequest(HttpMethod.Post, image.Path, image.IdempotencyKey)
                        {
                            Json = token => BodyAsync(form, token),
                            Outcome = outcome,
                        },
                        JobReader.RequireId,
                        retry: true,
                        cancellationToken),
                    cancellationToken).ConfigureAwait(false);
                return JobReader.Accepted(accepted, image, request, _connection, claim?.Journal);
            }
            finally
            {
                claim?.LeaveWire();
            }
        }

        BananaJob job;
        try
        {
            image = await UploadedAsync(request, claim, cancellationToken).ConfigureAwait(false);
            try
            {
                job = await AcceptedAsync().ConfigureAwait(false);
            }
            catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.Conflict && request.IsScoped)
            {
                if (await _earlier.FindAsync(request, image, cancellationToken).ConfigureAwait(false) is not { } earlier)
                {
                    throw;
                }

                job = earlier;
            }

            _earlier.Claim(job);
        }
        catch (ApiframeException e) when (outcome.IsUnknown)
        {
            throw Unknown(image with { OutcomeUnknownSince = outcome.UnknownSince }, e);
        }
        catch (OperationCanceledException) when (outcome.IsUnknown)
        {
            throw Unknown(image with { OutcomeUnknownSince = outcome.UnknownSince });
        }
        catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.Conflict && image.IsScoped)
        {
            throw Resubmitted(e, image);
        }
        catch (ApiframeException e)
        {
            e.Request = image;
            e.Charge ??= Charge.Nothing;
            throw;
        }

        if (claim is not null)
        {
            await claim.AcceptAsync(job).ConfigureAwait(false);
        }

        return job;
    }

    /// <param name="image">The submitted request.</param>
    /// <param name="last">The error of the last attempt, or null if it was canceled.</param>
    private static ApiframeException Unknown(SubmitRequest image, ApiframeException? last = null) => new(
        ApiframeErrorKind.SubmissionUnknown,
        last is { Kind: ApiframeErrorKind.SubmissionUnknown } ? last.Message
        : "It is not known whether the service accepted the request and billed the image. "
        + (last is null ? "The submission was canceled before the response arrived."
            : last.OutcomeUnknown ? last.Message
            : $"The response to an earlier attempt was lost. The last attempt failed: {last.Message}"),
        last)
    {
        Charge = Charge.Perhaps,
        StatusCode = last?.StatusCode,
        RequestId = last?.RequestId,
        Request = image,
        IsKeyForgotten = last is { IsKeyForgotten: true },
    };

    private static ApiframeException Resubmitted(ApiframeException conflict, SubmitRequest image) => new(
        ApiframeErrorKind.Conflict,
        "An earlier run with this idempotency scope submitted the same image with a different request, for example with another URL of an uploaded file. The service has a "
        + "job for that image, but does not report which job of the account. The earlier run was billed for that job. This run was not billed.",
        conflict)
    {
        StatusCode = conflict.StatusCode,
        RequestId = conflict.RequestId,
        Request = image,
        IsResubmission = true,
        Charge = Charge.Billed,
    };
}
