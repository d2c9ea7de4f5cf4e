using System;
using System.Threading.Tasks;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Http;

namespace Apiframe.Emulator;

/// <summary>Counts what comes in and what goes out, faults included.</summary>
internal sealed class RequestCounter
{
    private readonly RequestTally _tally;
    private readonly Func<HttpRequest, HttpResponse> _answer;

    public RequestCounter(RequestTally tally, Func<HttpRequest, HttpResponse> answer)
    {
        _tally = tally;
        _answer = answer;
    }

    public Task<HttpResponse> HandleAsync(HttpRequest request)
    {
        Count(request);
        var response = _answer(request);
        if (response.Status >= 400)
        {
            _tally.Refusal();
        }

        return Task.FromResult(response);
    }

    private void Count(HttpRequest request)
    {
        switch (request.Method, request.Path)
        {
            case ("POST", GenerateEndpoint.Path):
                _tally.Submission();
                break;
            case ("POST", UploadEndpoint.Path):
                _tally.Upload();
                break;
            case ("GET", JobsEndpoint.Path):
                _tally.ListRequest();
                break;
            case ("GET", var path) when JobsEndpoint.IsJobPath(path):
                _tally.StatusRequest();
                break;
            case ("GET", var path) when FilesEndpoint.IsFilePath(path):
                _tally.Download(withKey: request.Headers.ContainsKey(EmulatorApi.KeyHeader));
                break;
            default:
                _tally.OtherRequest();
                break;
        }
    }
}
