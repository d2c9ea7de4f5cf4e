using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Makes one flat list of whatever is given as reference images; text is split as by <see cref="CellList"/>.</summary>
internal sealed class ReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Null is a list too: the empty one.</summary>
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
