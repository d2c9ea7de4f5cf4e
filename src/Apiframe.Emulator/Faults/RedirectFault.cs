using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The file is elsewhere: under another host name.</summary>
internal sealed class RedirectFault : IFault
{
    private const string Mark = "redirected";

    private readonly Uri _elsewhere;

    public RedirectFault(Uri elsewhere) => _elsewhere = elsewhere;

    /// <summary>Whether the client comes because of a redirect; then it gets its file.</summary>
    public static bool HasSent(HttpRequest request) => request.Query.ContainsKey(Mark);

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random) =>
        HttpResponse.Redirect(new Uri(_elsewhere, request.Path + "?" + Mark).AbsoluteUri);
}
