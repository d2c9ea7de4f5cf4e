using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Management.Automation;
using System.Text;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Finds the body and the headers in the request objects of web frameworks.</summary>
internal static class WebhookInput
{
    /// <summary>Returns the exact bytes of the body: bytes, the UTF-8 of a text, or the RawBody or else the Body of a request.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the body is empty or is not in the form in which it was
    /// sent.</exception>
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
        return bytes.Length > 0 ? bytes : throw Invalid("The body is empty. Specify the raw body of the webhook, which is JSON.");
    }

    /// <summary>Returns the headers of a request, or null if the input is not a request.</summary>
    public static object? HeadersOf(object? input) => PropertyOf(Unwrapped(input), "Headers");

    /// <summary>
    /// Returns the first value of a header, whose name is not case-sensitive, or null. Frameworks have headers in a dictionary with one or several values for
    /// each name (Azure Functions, ASP.NET), in a collection of names (HttpListener), or in an object (converted JSON).
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

    /// <summary>Returns the object in a PSObject. A custom object has no inner object and is returned itself.</summary>
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
        "The body is an object, so it was already parsed. A signature covers the bytes that were sent. Specify the raw body, as text or as bytes. "
        + "In Azure Functions, use $Request.RawBody instead of $Request.Body, or pipe $Request itself.");

    private static ApiframeException Invalid(string message) => new(ApiframeErrorKind.InvalidRequest, message);
}
