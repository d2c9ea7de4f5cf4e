using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>A page instead of the file, under a status that says that all is well.</summary>
internal sealed class HtmlDownloadFault : IFault
{
    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random) => HtmlPage.Answer(200, "Please sign in");
}
