using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Management.Automation;
using System.Text;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Finds body and headers in what web frameworks hand to PowerShell.</summary>
internal static class WebhookInput
{
    /// <summary>The body byte for byte: bytes, the UTF-8 of a text, or the RawBody, else the Body, of a request.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the body is empty or no longer as it was sent.</exception>
    public static byte[] BodyOf(object? input)
    {
        object? body = Unwrapped(input);
        if (body is not (string or byte[]))
        {
            body = PropertyOf(body, "RawBody") ?? PropertyOf(body, "Body") ?? body;
        }

        byte[] bytes = body switch
        {
            null => [],
            byte[] whole => whole,
            string text => Encoding.UTF8.GetBytes(text),
            IEnumerable items and not IDictionary => BytesOf(items),
            _ => throw Parsed(),
        };
        return bytes.Length > 0 ? bytes : throw Invalid("The body is empty. The body of a webhook is JSON.");
    }

    /// <summary>The headers of a request; null if it is none.</summary>
    public static object? HeadersOf(object? input) => PropertyOf(Unwrapped(input), "Headers");

    /// <summary>
    /// The first value of a header, its name in any case; null if it is not there. Frameworks keep headers in a dictionary with one or several values for
    /// a name (Azure Functions, ASP.NET), in a collection of names (HttpListener), or in an object (JSON that was read).
    /// </summary>
    public static string? Header(object? headers, string name)
    {
        object? value = Unwrapped(headers) switch
        {
            null or string => null,
            NameValueCollection collection => collection[name],
            IEnumerable pairs => pairs.Cast<object?>()
                .Where(pair => string.Equals(PropertyOf(pair, "Key")?.ToString(), name, StringComparison.OrdinalIgnoreCase))
                .Select(pair => PropertyOf(pair, "Value"))
                .FirstOrDefault(),
            object other => PropertyOf(other, name),
        };
        return value is IEnumerable values and not string ? Unwrapped(values.Cast<object?>().FirstOrDefault())?.ToString() : value?.ToString();
    }

    /// <summary>What is inside a PSObject; one that has nothing inside has its properties itself.</summary>
    public static object? Unwrapped(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    private static object? PropertyOf(object? value, string name) =>
        value is null ? null : Unwrapped(PSObject.AsPSObject(value).Properties[name]?.Value);

    private static byte[] BytesOf(IEnumerable items)
    {
        List<object?> all = items.Cast<object?>().Select(Unwrapped).ToList();
        return all.All(item => item is byte) ? all.Select(item => (byte)item!).ToArray()
            : all.All(item => item is string) ? throw Invalid($"The body consists of {all.Count} strings. Read it as one string, for example with Get-Content -Raw.")
            : throw Parsed();
    }

    private static ApiframeException Parsed() => Invalid(
        "The body is an object, so it was already parsed, but a signature covers the bytes as they were sent. Specify the raw body, as text or as bytes. "
        + "In Azure Functions, use $Request.RawBody instead of $Request.Body, or pipe $Request itself.");

    private static ApiframeException Invalid(string message) => new(ApiframeErrorKind.InvalidRequest, message);
}
