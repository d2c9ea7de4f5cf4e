using System;
using System.Globalization;
using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Converts a CSV cell to a time. Export-Csv writes times in the culture of the session, but PowerShell reads them in the invariant culture.</summary>
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
