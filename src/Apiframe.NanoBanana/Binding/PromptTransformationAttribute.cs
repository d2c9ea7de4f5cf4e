using System.Collections;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>
/// Accepts only text. PowerShell would convert any object without a Prompt property to a string such as "@{Name=x}", which would be submitted and billed.
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

        (string problem, string? advice) = value switch
        {
            FileSystemInfo => ($"'{value}' is a file", "To edit the file, also specify a prompt, for example: Get-ChildItem *.png | New-BananaImage 'at night'"),
            PSCustomObject => NotText(ColumnNames.Described(
                [.. PSObject.AsPSObject(inputData).Properties.Select(property => property.Name)], nameof(Commands.NewBananaImageCommand.Prompt))),
            _ => NotText(($"of type {value.GetType().Name}", null)),
        };
        string message = $"{problem}. No request was sent. {advice}";
        bool hasPrompt = PSObject.AsPSObject(inputData).Properties[nameof(Commands.NewBananaImageCommand.Prompt)] is not null;
        // With this inner exception, PowerShell binds the Prompt property instead. Without it, the message is the error.
        throw hasPrompt
            ? new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message))
            : new ArgumentTransformationMetadataException(message);
    }

    private static (string Problem, string Advice) NotText((string Description, string? Advice) input) =>
        ($"A prompt must be text, but the input is {input.Description}", input.Advice ?? "Pipe strings, or objects with a Prompt property.");

    private static object Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value ?? string.Empty;
}
