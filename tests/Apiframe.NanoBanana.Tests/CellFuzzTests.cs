using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Apiframe.Client;
using Apiframe.NanoBanana.Binding;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

/// <summary>Tests that any cell of a CSV file is either read correctly or rejected before a request is sent.</summary>
public sealed class CellFuzzTests
{
    private static readonly IReadOnlyList<string> Parameters = ["Prompt", "Model", "Resolution", "AspectRatio", "OutputFormat", "ReferenceImage", "IdempotencyKey"];

    /// <summary>The number of cases for each rule, as in the tests of the client.</summary>
    private static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("APIFRAME_FUZZ_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int cases) ? cases : 2500;

    [Fact]
    public void A_cell_with_a_list_loses_only_separators_and_the_spaces_around_its_parts() => Check(cell =>
    {
        string[] parts = CellList.Parts(cell);

        Assert.All(parts, part => Assert.True(part.Length > 0 && part == part.Trim()));
        Assert.All(parts, part => Assert.True(!part.Contains(';') || cell.Contains("://", StringComparison.Ordinal)));
        Assert.Equal(Bare(cell), Bare(string.Concat(parts)));
        Assert.Equal(parts, CellList.Parts(string.Join(" ; ", parts)));
    });

    [Fact]
    public void A_column_name_is_similar_to_one_parameter_or_to_none() => Check(column =>
    {
        string? meant = ColumnNames.Meant(column, Parameters);

        Assert.True(meant is null || (Parameters.Contains(meant) && !Parameters.Contains(column, StringComparer.OrdinalIgnoreCase)));
        Assert.NotEmpty(ColumnNames.Described([column], "Prompt").Description);
    });

    [Fact]
    public void A_row_is_rejected_or_is_a_request_that_a_second_check_does_not_change() => Check(cell =>
    {
        string[] cells = [.. cell.Split(' '), cell, cell, cell];
        try
        {
            SubmitRequest request = new SubmitRequest
            {
                Prompt = cell, Model = cells[0], Resolution = cells[1], AspectRatio = cells[2], OutputFormat = cells[^1], IdempotencyKey = cells[0], WebhookUrl = cells[1],
            }.Checked();

            Assert.Equal(cell, request.Prompt);
            Assert.Equal(request, request.Checked());
        }
        catch (ApiframeException e)
        {
            Assert.Equal((ApiframeErrorKind.InvalidRequest, Charge.NotSent), (e.Kind, e.Charge));
        }
    });

    private static string Bare(string text) => new([.. text.Where(sign => sign != ';' && !char.IsWhiteSpace(sign))]);

    private static void Check(Action<string> rule) => Prop.ForAll(Cells(), rule).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithQuietOnSuccess(true));

    /// <summary>Generates cells with texts that have a meaning for a parameter, and with any other text.</summary>
    private static Arbitrary<string> Cells()
    {
        Gen<string> word = Gen.OneOf(
            Gen.Elements(";", " ", "://", "https://a.example/1.png", "?a=1;b=2", "1K", "2k", "512px", "16:9", "png", "JPEG", "\ud800", "\0", "\u202E", "Pro", "Reference Image", "referenceimages"),
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? string.Empty));
        Gen<string> cell = Gen.Choose(0, 6).SelectMany(count => Gen.ArrayOf(word, count)).Select(string.Concat);
        return Arb.From(cell, text => Enumerable.Range(0, text.Length).Select(left => text.Remove(left, 1)));
    }
}
