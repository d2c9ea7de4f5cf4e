using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Reflection;
using Apiframe.Client;

namespace Apiframe.Desktop.Tests;

/// <summary>
/// On .NET Framework, HttpClient uses HttpWebRequest, whose streams ignore tokens and whose exceptions are different. Mono has both implementations and uses
/// its own sockets by default.
/// </summary>
internal static class WebRequests
{
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Instance;

    /// <summary>Under Mono, makes HttpClient use HttpWebRequest. This method must be called before the first request.</summary>
    public static void UseForHttpClient()
    {
        if (typeof(HttpClientHandler).Assembly.GetType("System.Net.Http.MonoWebRequestHandler") is not { } webRequests)
        {
            return;
        }

        ServicePointManager.DefaultConnectionLimit = 256;
        Type clients = typeof(ApiframeClient).Assembly.GetType("Apiframe.Client.Connection.SharedHttpClients", throwOnError: true)!;
        foreach (string name in new[] { "Api", "Downloads" })
        {
            var client = (HttpClient)clients.GetProperty(name)!.GetValue(null)!;
            object handler = typeof(HttpMessageInvoker).GetFields(Hidden).Single(field => field.FieldType == typeof(HttpMessageHandler)).GetValue(client)!;
            FieldInfo inner = typeof(HttpClientHandler).GetField("_delegatingHandler", Hidden)!;
            object sockets = inner.GetValue(handler)!;
            object replacement = Activator.CreateInstance(webRequests, nonPublic: true)!;
            foreach (string setting in new[] { "AllowAutoRedirect", "AutomaticDecompression", "UseCookies", "UseProxy" })
            {
                webRequests.GetProperty(setting)!.SetValue(replacement, sockets.GetType().GetProperty(setting)!.GetValue(sockets));
            }

            inner.SetValue(handler, replacement);
        }
    }
}
