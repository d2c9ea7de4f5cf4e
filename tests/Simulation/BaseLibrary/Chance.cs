using System;
using System.Globalization;
using Simulation.Machine;

namespace Apiframe.Client;

/// <summary>Random values from the seed of the history.</summary>
internal static class Chance
{
    public static Guid NewGuid() => World.Current.Dice.NextGuid();

    public static string NewFileName() => World.Current.Dice.NextBits().ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>The part of System.Random that the client uses.</summary>
internal sealed class Random
{
    private readonly Dice _dice = World.Current.Dice;

    public double NextDouble() => _dice.NextDouble();
}
