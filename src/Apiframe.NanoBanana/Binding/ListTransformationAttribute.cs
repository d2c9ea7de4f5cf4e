using System;
using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Converts a CSV cell to a list, whose items are separated by semicolons.</summary>
internal sealed class ListTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>True, because null is converted to an empty list.</summary>
    public override bool TransformNullOptionalParameters => true;

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null)
        {
            return Array.Empty<string>();
        }

        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text)
        {
            return inputData;
        }

        return CellList.Parts(text);
    }
}
