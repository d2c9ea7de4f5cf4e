using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>An error that repeats the key of the request in every spelling that a log or a debug page might use.</summary>
internal sealed class KeyEchoFault : IFault
{
    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        var key = request.Header(EmulatorApi.KeyHeader) ?? string.Empty;
        var bytes = Encoding.UTF8.GetBytes(key);
        var escaped = ForEach(bytes, "\\u00{0:x2}");
        var percent = ForEach(bytes, "%{0:X2}");
        var upperCase = JsonEncodedText.Encode(key.ToUpperInvariant());
        var body = "{\"error\":\"Internal Server Error: request with key " + escaped + ", base64 " + Convert.ToBase64String(bytes)
            + ", upper case " + upperCase
            + ", hex " + Hex.Lower(bytes) + ", percent " + percent + "\"}";
        return new HttpResponse(500, "application/json; charset=utf-8", new ArraySegment<byte>(Encoding.UTF8.GetBytes(body)))
            .Add(HttpResponse.RequestIdHeader, "req_" + key);
    }

    private static string ForEach(byte[] bytes, string format) =>
        string.Concat(bytes.Select(value => string.Format(CultureInfo.InvariantCulture, format, value)));
}
