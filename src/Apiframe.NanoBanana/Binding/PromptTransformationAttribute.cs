using System.Collections;
using System.Linq;
using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>
/// Takes text only. PowerShell would turn any object without a Prompt property into a string such as "@{Name=x}", and that
/// string would be painted and paid for.
/// </summary>
internal sealed class PromptTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = Unwrapped(inputData);
        if (value is string || (value is IList list && list.Cast<object?>().All(item => Unwrapped(item) is string)))
        {
            return inputData;
        }

        string message = $"A prompt is text, and this is a {value.GetType().Name}: pipe strings, or objects with a Prompt property. Nothing was sent.";
        // This inner exception makes the engine go on and try the property named Prompt before it gives up.
        throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }

    private static object Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value ?? string.Empty;
}
