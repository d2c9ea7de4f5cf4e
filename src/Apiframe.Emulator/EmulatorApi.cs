using System;
using System.Globalization;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Http;

namespace Apiframe.Emulator;

/// <summary>The routes of the service: who is asked what, with which key and which method.</summary>
internal sealed class EmulatorApi
{
    public const string KeyHeader = "X-API-Key";

    private readonly string _apiKey;
    private readonly Func<int> _secondsToWait;
    private readonly GenerateEndpoint _generate;
    private readonly JobsEndpoint _jobs;
    private readonly ModelsEndpoint _models;
    private readonly AccountEndpoint _account;
    private readonly UploadEndpoint _uploads;
    private readonly FilesEndpoint _files;

    public EmulatorApi(
        string apiKey,
        Func<int> secondsToWait,
        GenerateEndpoint generate,
        JobsEndpoint jobs,
        ModelsEndpoint models,
        AccountEndpoint account,
        UploadEndpoint uploads,
        FilesEndpoint files)
    {
        _apiKey = apiKey;
        _secondsToWait = secondsToWait;
        _generate = generate;
        _jobs = jobs;
        _models = models;
        _account = account;
        _uploads = uploads;
        _files = files;
    }

    public HttpResponse Answer(HttpRequest request)
    {
        if (FilesEndpoint.IsFilePath(request.Path))
        {
            return Only("GET", request, _files.Answer);
        }

        if (request.Path == ModelsEndpoint.Path)
        {
            return Only("GET", request, _models.Answer);
        }

        var key = request.Header(KeyHeader);
        if (string.IsNullOrEmpty(key))
        {
            return JsonAnswer.Error(401, "API key is required");
        }

        if (key != _apiKey)
        {
            return JsonAnswer.Error(401, "Invalid API key");
        }

        if (_secondsToWait() is var wait and > 0)
        {
            return JsonAnswer.TooManyRequests().Add("Retry-After", wait.ToString(CultureInfo.InvariantCulture));
        }

        return request.Path switch
        {
            GenerateEndpoint.Path => Only("POST", request, _generate.Answer),
            JobsEndpoint.Path => Only("GET", request, _jobs.AnswerList),
            UploadEndpoint.Path => Only("POST", request, _uploads.Answer),
            AccountEndpoint.Path => Only("GET", request, _ => _account.Answer()),
            var path when JobsEndpoint.IsJobPath(path) => Only("GET", request, _jobs.AnswerJob),
            _ => JsonAnswer.NotFound(),
        };
    }

    private static HttpResponse Only(string method, HttpRequest request, Func<HttpRequest, HttpResponse> answer) =>
        request.Method == method ? answer(request) : JsonAnswer.MethodNotAllowed(method);
}
