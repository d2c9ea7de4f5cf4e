using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Converts any reference images to one flat list. Text is split by <see cref="CellList"/>.</summary>
internal sealed class ReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>True, because null is converted to an empty list.</summary>
    public override bool TransformNullOptionalParameters => true;

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Flat(inputData).ToArray();

    private static IEnumerable<object> Flat(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => [],
        string text => CellList.Parts(text),
        PSCustomObject => [value!],
        IEnumerable many => many.Cast<object?>().SelectMany(Flat),
        _ => [value!],
    };
}
