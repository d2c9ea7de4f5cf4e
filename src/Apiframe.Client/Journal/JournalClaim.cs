using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Retry;

namespace Apiframe.Client.Journal;

/// <summary>
/// One image of a run. From <see cref="SettleAsync"/> until the claim is disposed of, no other claim in this process works on the same image.
/// </summary>
/// <remarks>Used by one caller at a time.</remarks>
public sealed class JournalClaim : IDisposable
{
    /// <summary>The time after which a waiting request is recorded again before an attempt, so that its job can be searched at the right time.</summary>
    private static readonly TimeSpan IntentLasts = TimeSpan.FromMinutes(30);

    private readonly JournalRun _run;
    private readonly SubmitRequest _image;
    private readonly JournalPlace _place;
    private readonly string? _firstKey;
    private Intent? _intent;
    private int _attempt;
    private string _key;
    private bool _hasTurn;

    /// <summary>Whether nothing can have been sent under the key: it has no earlier intent, and this claim has not sent it.</summary>
    private bool _isKeyNew;

    internal JournalClaim(JournalRun run, SubmitRequest image, JournalPlace place, string? firstKey)
    {
        _run = run;
        _image = image;
        _place = place;
        _firstKey = firstKey;
        (JournalEntry? last, _, string nextKey) = run.Last(place, firstKey);
        _key = last?.IdempotencyKey ?? nextKey;
        HasJob = run.Decide(last, _ => true) is JournalDecision.Saved or JournalDecision.Take;
    }

    /// <summary>The journal.</summary>
    public BananaJournal Journal => _run.Journal;

    /// <summary>Whether the journal contained a job for the image when it was claimed, so that nothing is submitted.</summary>
    public bool HasJob { get; }

    /// <summary>The request with its current key. If the request is claimed again, the key identifies the same image.</summary>
    public SubmitRequest Request => _image with { IdempotencyKey = _key, OutcomeUnknownSince = _key == _image.IdempotencyKey ? _image.OutcomeUnknownSince : null };

    /// <summary>Determines the next step for the image, with requests to the service if necessary. Can be called again after a rejection.</summary>
    /// <param name="client">The client for these requests. The returned jobs get its connection.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.SubmissionUnknown"/>: it is unknown whether the image was billed. <see cref="ApiframeException.Request"/> is the request
    /// with its key. <see cref="ApiframeErrorKind.JournalNotWritable"/>, or the error of a request to the service. Nothing was submitted.
    /// </exception>
    public async Task<JournalStep> SettleAsync(ApiframeClient client, CancellationToken cancellationToken = default)
    {
        if (!_hasTurn)
        {
            await _run.Open.TakeTurnAsync(_place, cancellationToken).ConfigureAwait(false);
            _hasTurn = true;
        }

        _run.Open.SetSubmitting(_place, false);
        (_intent, _isKeyNew) = (null, false);
        try
        {
            while (true)
            {
                IReadOnlyList<FileInfo>? files = null;
                (JournalEntry? last, int attempt, string nextKey) = _run.Last(_place, _firstKey);
                switch (_run.Decide(last, saved => (files = JournalPlan.WholeFiles(saved)) is not null))
                {
                    case JournalDecision.Saved:
                        return new JournalStep.Saved(Job(last!, client, isSaved: true), files!);
                    case JournalDecision.Take:
                        return new JournalStep.Take(Job(last!, client));
                    case JournalDecision.SubmitAgain:
                        (_attempt, _key) = (attempt, last!.IdempotencyKey!);
                        return Submit(Request with { OutcomeUnknownSince = last.IntendedAt });
                    case JournalDecision.SubmitNext:
                        (_attempt, _key) = (attempt + 1, nextKey);
                        return Submit(Request);
                    default:
                        await _run.ReconcileAsync(last!, client, cancellationToken).ConfigureAwait(false);
                        break;
                }
            }
        }
        catch (ApiframeException e)
        {
            (e.Request, e.Charge) = (Request, Charge.Perhaps);
            throw;
        }
    }

    /// <summary>Ends the claim. Nothing is written, so an intent without an outcome stays one.</summary>
    public void Dispose()
    {
        if (_hasTurn)
        {
            _hasTurn = false;
            _run.Open.EndTurn(_place);
        }
    }

    /// <summary>
    /// Completes when the intent to send the request is on disk. It must be called before each attempt. Only new information is recorded. An attempt under a
    /// key that the service may have forgotten is stopped with an exception.
    /// </summary>
    /// <param name="sent">The request as it is sent: with the key of the step, and with the addresses of uploads instead of local files.</param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.JournalNotWritable"/> or <see cref="ApiframeErrorKind.SubmissionUnknown"/>: the attempt must not be made.
    /// </exception>
    internal Task IntendAsync(SubmitRequest sent)
    {
        Task noted = NoteIntentAsync(sent);
        _isKeyNew = false;
        return noted;
    }

    /// <summary>Records the intent to send the request, and then waits until it can be sent.</summary>
    /// <exception cref="ApiframeException">As for <see cref="IntendAsync"/>.</exception>
    internal async Task EnterWireAsync(SubmitRequest sent, CancellationToken cancellationToken)
    {
        await NoteIntentAsync(sent).ConfigureAwait(false);
        await _run.Wire.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Releases the reserved place to the next submission.</summary>
    internal void LeaveWire() => _run.Wire.Release();

    /// <summary>Completes when the acceptance of the image is on disk. It cannot be canceled, because the job is paid for.</summary>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.JournalNotWritable"/>: <see cref="ApiframeException.Job"/> is the job, which is not recorded.
    /// </exception>
    internal async Task AcceptAsync(BananaJob job)
    {
        try
        {
            await _run.Open.AddAsync(new JournalEvent.Accepted(_run.Open.Now, _key, job.JobId, job.Status, IsAdopted: false)).ConfigureAwait(false);
        }
        catch (ApiframeException e)
        {
            throw new ApiframeException(e.Kind, $"Job {job.JobId} was accepted, but the journal does not record it. {e.Message}", e) { Job = job, Charge = Charge.Billed };
        }
    }

    /// <summary>Completes when the end of the attempt is on disk, if the exception means that it has no job.</summary>
    /// <returns>Whether <see cref="SettleAsync"/> may find a job now, because the service knows the key with another request.</returns>
    internal async Task<bool> RefuseAsync(ApiframeException e)
    {
        bool isKeyTaken = e.Kind == ApiframeErrorKind.Conflict || e.InnerException is ApiframeException { Kind: ApiframeErrorKind.Conflict };
        if (_intent is null || _run.Open.Failure is not null || (e.Kind == ApiframeErrorKind.SubmissionUnknown && !isKeyTaken))
        {
            return false;
        }

        ApiframeErrorKind kind = isKeyTaken ? ApiframeErrorKind.Conflict : e.Kind;
        try
        {
            await _run.Open.AddAsync(new JournalEvent.Refused(_run.Open.Now, _key, kind.ToString())).ConfigureAwait(false);
        }
        catch (ApiframeException)
        {
            // The caller throws the rejection, which has more information. The failed journal stops the next image.
            return false;
        }

        return isKeyTaken;
    }

    /// <summary>Returns the recorded upload of a local reference image, or null. It may have expired.</summary>
    internal BananaUpload? FindUpload(string path)
    {
        string sha256 = _run.HashOf(path);
        return _run.Open.Look(state => state.Upload(sha256)) is { } upload ? new BananaUpload { Url = upload.Url, ExpiresAt = upload.ExpiresAt } : null;
    }

    /// <summary>Completes when the upload of a local reference image is on disk.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalNotWritable"/>.</exception>
    internal Task NoteUploadAsync(string path, BananaUpload upload) => _run.Open.AddAsync(new JournalEvent.Uploaded(
        _run.Open.Now, _run.HashOf(path), upload.Url, upload.ExpiresAt is { } end ? JournalLine.Rounded(end) : null));

    private Task NoteIntentAsync(SubmitRequest sent)
    {
        OpenJournal open = _run.Open;
        if (open.Failure is { } failure)
        {
            throw new ApiframeException(failure.Kind, failure.Message, failure);
        }

        JournalEntry? last = open.Look(state => state.ByKey(_key));
        _isKeyNew |= last is null;
        if (last is { IsUnknown: true } && !_isKeyNew && !_run.IsKeyAlive(last))
        {
            throw new ApiframeException(
                ApiframeErrorKind.SubmissionUnknown,
                $"It is not known whether the service accepted the image that was submitted at {last.IntendedAt:u}. Since then, the service may have deleted the "
                + "idempotency key of the image. The image was not submitted again.") { Charge = Charge.Perhaps, IsKeyForgotten = true };
        }

        DateTimeOffset now = open.Now;
        if (_intent is { } before && now - before.At < IntentLasts && before.ReferenceImage.SequenceEqual(sent.ReferenceImage, StringComparer.Ordinal))
        {
            return Task.CompletedTask;
        }

        _intent = new Intent(now, sent.ReferenceImage);
        return open.AddAsync(new JournalEvent.Intended(now, _key, _place.Fingerprint, _place.Ordinal, _attempt, sent) { Locals = [.. Locals()] });
    }

    /// <summary>Creates a job from an attempt and the request of this run, because lines of the journal can be lost.</summary>
    private BananaJob Job(JournalEntry attempt, ApiframeClient client, bool isSaved = false) =>
        (attempt with { Prompt = _image.PromptOrNull, Options = _image.ToOptions() })
            .ToJob(attempt.JobId!, client.Connection, isSaved, wantsWebhook: _image.WebhookUrl is not null, number: _image.Number,
                retry: FailedJobRetry.RequestOf(_image, attempt.IdempotencyKey));

    private JournalStep.Submit Submit(SubmitRequest request)
    {
        _run.Open.SetSubmitting(_place, true);
        return new JournalStep.Submit(request);
    }

    private IEnumerable<JournalEvent.Local> Locals() =>
        from index in Enumerable.Range(0, _image.ReferenceImage.Count)
        let path = _image.ReferenceImage[index]
        where WebUrl.Parse(path) is null
        select new JournalEvent.Local(index, Path.GetFullPath(path), _run.HashOf(path));
}
