using System;
using System.Globalization;
using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Lets a CSV cell hold a time as Export-Csv writes it, which is in the culture of the session; PowerShell reads it in its own.</summary>
internal sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text)
        {
            return inputData;
        }

        return string.IsNullOrWhiteSpace(text) ? null
            : DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time
            : inputData;
    }
}
