using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace Apiframe.Emulator.Faults;

/// <summary>The rates that were asked for, checked.</summary>
internal static class FaultRates
{
    // As many tenths as make a whole are a little more or less than one.
    private const double MostInAGroup = 1 + 1e-9;

    /// <summary>The same rates under the names as they are spelled here.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such fault, or a rate or the sum of a group's rates is not from 0 to 1.</exception>
    public static IReadOnlyDictionary<string, double> Checked(string option, IReadOnlyDictionary<string, double> asked)
    {
        var rates = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in asked)
        {
            var name = EmulatorFaults.Names.FirstOrDefault(known => known.Equals(pair.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw Problem(option, $"'{pair.Key}' is no fault; allowed: {string.Join(", ", EmulatorFaults.Names)}.");
            if (rates.ContainsKey(name))
            {
                throw Problem(option, $"{name} is there twice; allowed: each fault once.");
            }

            rates.Add(name, pair.Value is >= 0 and <= 1 ? pair.Value : throw Problem(option, $"{name} is {pair.Value}; allowed: 0 to 1."));
        }

        foreach (var (title, names) in FaultTable.Groups)
        {
            var sum = names.Sum(name => rates.TryGetValue(name, out var rate) ? rate : 0);
            if (sum > MostInAGroup)
            {
                throw Problem(option, $"The {title} add up to {sum}; allowed: 0 to 1 in all, because only one is played at a time.");
            }
        }

        return new ReadOnlyDictionary<string, double>(rates);
    }

    private static ArgumentOutOfRangeException Problem(string option, FormattableString message) => new(option, FormattableString.Invariant(message));
}
