using System;
using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Rejects a job ID or a web address as a path, so that PowerShell binds it to the intended parameter.</summary>
internal sealed class FolderTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        string? text = (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) as string;
        string? what = Guid.TryParseExact(text, "D", out _) ? "a job ID, not a path. Use -JobId." : WebUrl.Parse(text) is not null ? "a URL, not a path. Use -Uri." : null;
        if (what is null)
        {
            return inputData;
        }

        string message = $"'{ShownText.Excerpt(text!)}' is {what}";
        // With this inner exception, PowerShell tries the other parameters.
        throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }
}
