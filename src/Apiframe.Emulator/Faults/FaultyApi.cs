using System;
using System.Threading;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Http;

namespace Apiframe.Emulator.Faults;

/// <summary>Stands before the service, and at the rates asked for lets requests and downloads go wrong.</summary>
internal sealed class FaultyApi
{
    private readonly Func<HttpRequest, HttpResponse> _service;
    private readonly FaultDice<IFault> _requestDice;
    private readonly FaultDice<IFault> _downloadDice;
    private readonly ChangedFiles _changedFiles;
    private readonly FaultTally _tally;
    private long _requests = -1;
    private long _downloads = -1;

    public FaultyApi(
        Func<HttpRequest, HttpResponse> service,
        FaultDice<IFault> requestDice,
        FaultDice<IFault> downloadDice,
        ChangedFiles changedFiles,
        FaultTally tally)
    {
        _service = service;
        _changedFiles = changedFiles;
        _requestDice = requestDice;
        _downloadDice = downloadDice;
        _tally = tally;
    }

    public HttpResponse Answer(HttpRequest request) => FilesEndpoint.IsFilePath(request.Path) ? AnswerDownload(request) : AnswerRequest(request);

    private HttpResponse AnswerRequest(HttpRequest request) =>
        _requestDice.Draw(Interlocked.Increment(ref _requests)) is { } drawn ? Play(drawn, request, _service) : _service(request);

    private HttpResponse AnswerDownload(HttpRequest request)
    {
        if (RedirectLoopFault.HasCaught(request))
        {
            return RedirectLoopFault.Answer(request);
        }

        var file = _service(request);
        if (file.Status >= 300 || RedirectFault.HasSent(request))
        {
            return file;
        }

        if (_changedFiles.PartOfOther(request, file) is { } other)
        {
            return other;
        }

        return _downloadDice.Draw(Interlocked.Increment(ref _downloads)) is { } drawn ? Play(drawn, request, _ => file) : file;
    }

    private HttpResponse Play(DrawnFault<IFault> drawn, HttpRequest request, Func<HttpRequest, HttpResponse> carryOut)
    {
        HttpResponse? right = null;
        var answer = drawn.Fault.Play(request, carried => right = carryOut(carried), drawn.Random);

        // A fault that has nothing to do with this request gives the right answer, and was not played.
        if (answer != right)
        {
            _tally.Played(drawn.Name);
        }

        return answer;
    }
}
