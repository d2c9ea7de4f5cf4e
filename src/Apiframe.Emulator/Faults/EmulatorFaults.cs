using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using Apiframe.Emulator.Faults;

namespace Apiframe.Emulator;

/// <summary>What an emulator can be told to do wrong, with <see cref="BananaEmulatorOptions.Faults"/>.</summary>
public static class EmulatorFaults
{
    // As many tenths as make a whole are a little more or less than one.
    private const double MostInAGroup = 1 + 1e-9;

    /// <summary>
    /// The names of all faults: those of requests, then those of downloads (<c>Download</c> and what goes wrong), then those of jobs
    /// (<c>Job</c> or <c>Image</c> and what goes wrong). Start-BananaEmulator's help page tells what each does.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. FaultTable.Groups.SelectMany(group => group.Names)];

    /// <summary>The same rates under the names as they are spelled here, checked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A fault does not exist, or a rate or the sum of a group's rates is not from 0 to 1.</exception>
    internal static IReadOnlyDictionary<string, double> CheckedRates(string option, IReadOnlyDictionary<string, double> asked)
    {
        var rates = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in asked)
        {
            var name = Names.FirstOrDefault(known => known.Equals(pair.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw Problem(option, $"'{pair.Key}' is not a fault. Use one of these names: {string.Join(", ", Names)}.");
            if (rates.ContainsKey(name))
            {
                throw Problem(option, $"{name} is specified twice. Specify each fault only once.");
            }

            rates.Add(name, pair.Value is >= 0 and <= 1 ? pair.Value : throw Problem(option, $"{name} is {pair.Value}. Allowed: 0 to 1."));
        }

        foreach (var (title, names) in FaultTable.Groups)
        {
            var sum = names.Sum(name => rates.TryGetValue(name, out var rate) ? rate : 0);
            if (sum > MostInAGroup)
            {
                throw Problem(option, $"The {title} add up to {sum}. Allowed: 0 to 1 in total, because only one fault applies to a response.");
            }
        }

        return new ReadOnlyDictionary<string, double>(rates);
    }

    private static ArgumentOutOfRangeException Problem(string option, FormattableString message) => new(option, FormattableString.Invariant(message));
}
