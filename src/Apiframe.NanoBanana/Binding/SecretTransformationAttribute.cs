using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Security;

namespace Apiframe.NanoBanana.Binding;

/// <summary>
/// Takes a plain string where a <see cref="SecureString"/> is asked for, so that a newcomer and a CSV get by; blank means not given. Where several are
/// asked for, each may be either.
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
