using System;
using System.Collections.Generic;
using System.Globalization;

namespace Apiframe.NanoBanana.Binding;

/// <summary>Reads <c>Name=rate</c>, or <c>Name</c> alone for a rate of 1.</summary>
internal static class FaultList
{
    /// <summary>Returns the rates by name. The emulator checks the names and the rates.</summary>
    /// <exception cref="ArgumentException">A rate is not a number, or a fault is specified twice.</exception>
    public static IReadOnlyDictionary<string, double> Parse(IEnumerable<string> faults)
    {
        var rates = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (string fault in faults)
        {
            int equals = fault.IndexOf('=');
            string name = (equals < 0 ? fault : fault.Substring(0, equals)).Trim();
            if (rates.ContainsKey(name))
            {
                throw new ArgumentException($"{name} is specified twice. Each fault can be specified only once.");
            }

            rates.Add(name, equals < 0 ? 1 : Rate(name, fault.Substring(equals + 1).Trim()));
        }

        return rates;
    }

    private static double Rate(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate)
            ? rate
            : throw new ArgumentException($"{name} is '{text}'. The rate must be a number from 0 to 1, for example {name}=0.05.");
}
