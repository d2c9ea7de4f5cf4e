using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Security;

namespace Apiframe.NanoBanana.Binding;

/// <summary>
/// Converts a plain string to a <see cref="SecureString"/>, for interactive use and CSV files. An empty string counts as not specified. Each item of a list can
/// be a string or a secure string.
/// </summary>
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Unwrapped(inputData) switch
    {
        string text => Secret(text),
        IList list => list.Cast<object?>().Select(item => Unwrapped(item) is string text ? Secret(text) : Unwrapped(item)).Where(item => item is not null).ToArray(),
        _ => inputData,
    };

    private static object? Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static SecureString? Secret(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var secret = new SecureString();
        foreach (char character in text)
        {
            secret.AppendChar(character);
        }

        secret.MakeReadOnly();
        return secret;
    }
}
