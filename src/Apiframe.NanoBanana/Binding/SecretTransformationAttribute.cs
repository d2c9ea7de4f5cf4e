using System.Management.Automation;
using System.Security;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Takes a plain string where a <see cref="SecureString"/> is asked for, so that a newcomer and a CSV get by; blank means not given.</summary>
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text)
        {
            return inputData;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var secret = new SecureString();
        foreach (char sign in text)
        {
            secret.AppendChar(sign);
        }

        secret.MakeReadOnly();
        return secret;
    }
}
