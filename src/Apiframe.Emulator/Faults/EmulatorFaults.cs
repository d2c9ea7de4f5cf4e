using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using Apiframe.Emulator.Faults;

namespace Apiframe.Emulator;

/// <summary>The faults that an emulator can have, for <see cref="BananaEmulatorOptions.Faults"/>.</summary>
public static class EmulatorFaults
{
    // The sum of floating-point rates such as ten times 0.1 can be slightly more than 1.
    private const double MostInAGroup = 1 + 1e-9;

    /// <summary>
    /// The names of all faults: first the faults of requests, then the faults of downloads (their names begin with <c>Download</c>), and then the faults of
    /// jobs (their names begin with <c>Job</c> or <c>Image</c>). The help of Start-BananaEmulator describes each fault.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. FaultTable.Groups.SelectMany(group => group.Names)];

    /// <summary>Checks the rates, and returns them under the spelling of <see cref="Names"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A fault does not exist, or a rate or the sum of the rates of a group is not from 0 to 1.</exception>
    internal static IReadOnlyDictionary<string, double> CheckedRates(string option, IReadOnlyDictionary<string, double> asked)
    {
        var rates = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in asked)
        {
            var name = Names.FirstOrDefault(known => known.Equals(pair.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw Problem(option, $"'{pair.Key}' is not a fault. The names of the faults are {string.Join(", ", Names)}.");
            if (rates.ContainsKey(name))
            {
                throw Problem(option, $"{name} is specified twice. Each fault can be specified only once.");
            }

            rates.Add(name, pair.Value is >= 0 and <= 1 ? pair.Value : throw Problem(option, $"{name} is {pair.Value}. The rate must be from 0 to 1."));
        }

        foreach (var (title, names) in FaultTable.Groups)
        {
            var sum = names.Sum(name => rates.TryGetValue(name, out var rate) ? rate : 0);
            if (sum > MostInAGroup)
            {
                throw Problem(option, $"The {title} add up to {sum}. Their total must be from 0 to 1, because at most one fault affects a request.");
            }
        }

        return new ReadOnlyDictionary<string, double>(rates);
    }

    private static ArgumentOutOfRangeException Problem(string option, FormattableString message) => new(option, FormattableString.Invariant(message));
}
