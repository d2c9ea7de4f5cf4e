using System;
using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Lets one CSV cell hold a list, separated by semicolons.</summary>
internal sealed class ListTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Null is a list too: the empty one.</summary>
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
