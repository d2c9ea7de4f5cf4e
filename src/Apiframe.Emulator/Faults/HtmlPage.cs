using System;
using System.Globalization;
using System.Text;
using Apiframe.Emulator.Http;

namespace Apiframe.Emulator.Faults;

/// <summary>What proxies and portals answer with, to people rather than to programs.</summary>
internal static class HtmlPage
{
    public static HttpResponse Answer(int status, string title)
    {
        var number = status.ToString(CultureInfo.InvariantCulture);
        var page = $"<html><head><title>{title}</title></head><body><h1>{number} {title}</h1><hr>gateway</body></html>\n";
        return new HttpResponse(status, "text/html; charset=utf-8", new ArraySegment<byte>(Encoding.UTF8.GetBytes(page)));
    }
}
