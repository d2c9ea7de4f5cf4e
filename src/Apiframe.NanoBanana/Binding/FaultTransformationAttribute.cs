using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Converts a hashtable of names and rates to a list of <c>Name=rate</c>.</summary>
internal sealed class FaultTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Unwrapped(inputData) is IDictionary faults
            ? faults.Cast<DictionaryEntry>().Select(fault => $"{fault.Key}={Convert.ToString(Unwrapped(fault.Value), CultureInfo.InvariantCulture)}").ToArray()
            : inputData;

    private static object? Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
