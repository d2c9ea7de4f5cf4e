using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Converts an empty CSV cell to the default of a number. PowerShell would convert it to 0.</summary>
internal sealed class BlankIsDefaultAttribute : ArgumentTransformationAttribute
{
    private readonly int _default;

    public BlankIsDefaultAttribute(int value) => _default = value;

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text && string.IsNullOrWhiteSpace(text) ? _default : inputData;
}
