using System;
using System.Globalization;
using System.Management.Automation;
using System.Threading;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Converts a time span, or a text such as 00:10:00, to a number of seconds. Fractions of a second are rounded up.</summary>
internal sealed class SecondsTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            TimeSpan span => Seconds(span),
            string text when IsNumber(text) => text.Trim(),
            string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) => Seconds(span),
            string text => throw Invalid(text),
            _ => inputData,
        };
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static int Seconds(TimeSpan span)
    {
        if (span == Timeout.InfiniteTimeSpan)
        {
            return -1;
        }

        double seconds = Math.Ceiling(span.TotalSeconds);
        return seconds is >= int.MinValue and <= int.MaxValue ? (int)seconds : throw Invalid(span.ToString());
    }

    private static ArgumentTransformationMetadataException Invalid(string text) => new(
        $"'{text}' is not a valid timeout. Use a number of seconds, such as 600, or a time span, such as 00:10:00.");
}
