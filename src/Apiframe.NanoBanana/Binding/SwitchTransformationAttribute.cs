using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Converts a CSV cell to a switch. true, yes, 1, and x set it. false, no, 0, and an empty cell do not.</summary>
internal sealed class SwitchTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text)
        {
            return inputData;
        }

        return text.Trim().ToLowerInvariant() switch
        {
            "true" or "yes" or "1" or "x" => SwitchParameter.Present,
            "false" or "no" or "0" or "" => new SwitchParameter(false),
            _ => throw new ArgumentTransformationMetadataException($"'{text}' is not a valid value for a switch. Use true or false."),
        };
    }
}
