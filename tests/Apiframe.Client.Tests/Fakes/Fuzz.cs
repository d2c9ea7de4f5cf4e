using System;
using System.Globalization;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>Checks a rule against thousands of damaged examples. A failure is reported with the fewest edits that still cause it.</summary>
internal static class Fuzz
{
    /// <summary>The number of examples for each rule. <c>./build.sh Fuzz</c> sets a higher number.</summary>
    public static int Cases { get; } = int.TryParse(Environment.GetEnvironmentVariable("APIFRAME_FUZZ_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int cases) ? cases : 2500;

    public static Config Config => Config.QuickThrowOnFailure.WithMaxTest(Cases).WithQuietOnSuccess(true).WithEndSize(20);

    /// <summary>Checks a rule.</summary>
    /// <param name="examples">Valid examples, in UTF-8.</param>
    /// <param name="rule">Throws if the rule does not hold. The parameters are a damaged example and a number that selects other things.</param>
    public static void Check(byte[][] examples, Action<byte[], int> rule) => Prop.ForAll(
        Edits(),
        spoiling => rule(Spoiler.Apply(examples[(spoiling.Example & int.MaxValue) % examples.Length], spoiling.Edits.Take(6)), spoiling.Other & int.MaxValue)).Check(Config);

    private static Arbitrary<(int Example, int Other, (int Kind, int Place, int With)[] Edits)> Edits()
    {
        Gen<int> any = Gen.Choose(0, int.MaxValue);
        Gen<(int Kind, int Place, int With)> edit = any.Zip(any, (kind, place) => (kind, place)).Zip(any, (one, with) => (one.kind, one.place, with));
        Gen<(int Example, int Other, (int Kind, int Place, int With)[] Edits)> whole = any.Zip(any, (example, other) => (example, other))
            .Zip(Gen.Choose(0, 3).SelectMany(count => Gen.ArrayOf(edit, count)), (one, edits) => (one.example, one.other, edits));
        return Arb.From(whole, spoiling => Enumerable.Range(0, spoiling.Edits.Length)
            .Select(left => (spoiling.Example, spoiling.Other, spoiling.Edits.Where((_, at) => at != left).ToArray())));
    }
}
