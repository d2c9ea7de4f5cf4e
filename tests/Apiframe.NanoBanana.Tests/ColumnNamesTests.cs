using System.IO;
using System.Linq;
using System.Reflection;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.NanoBanana.Binding;
using Apiframe.NanoBanana.Submitting;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class ColumnNamesTests
{
    private static readonly string[][] Parameters =
    [
        ["Prompt"], ["Model"], ["Resolution"], ["AspectRatio"], ["OutputFormat"], ["ReferenceImage", "ImageInput"], ["GoogleSearch"], ["ImageSearch"], ["WebhookUrl"],
        ["WebhookEvent"], ["IdempotencyKey"], ["IdempotencyScope"], ["Journal", "JournalPath"], ["ApiKey"], ["Connection"], ["ThrottleLimit"],
    ];

    private static readonly string[] Names = [.. Parameters.SelectMany(names => names)];

    [Theory]
    [InlineData("Aspect Ratio", "AspectRatio")]
    [InlineData("aspect_ratio", "AspectRatio")]
    [InlineData(" Prompt ", "Prompt")]
    [InlineData("Resolutoin", "Resolution")]
    [InlineData("Resoluton", "Resolution")]
    [InlineData("Resolutions", "Resolution")]
    [InlineData("Modal", "Model")]
    [InlineData("Reference Images", "ReferenceImage")]
    [InlineData("image_inputs", "ImageInput")]
    public void A_column_one_slip_away_from_a_parameter_is_meant_for_it(string column, string parameter) => Assert.Equal(parameter, ColumnNames.Meant(column, Names));

    [Theory]
    [InlineData("resolution")]
    [InlineData("ImageInput")]
    [InlineData("Sku")]
    [InlineData("Name")]
    [InlineData("Price")]
    [InlineData("Resoultoin")]
    [InlineData("")]
    public void A_parameter_and_any_other_column_are_meant_as_they_are(string column) => Assert.Null(ColumnNames.Meant(column, Names));

    [Fact]
    public void No_property_of_what_the_cmdlets_write_is_taken_for_a_slip()
    {
        string[] properties =
        [
            .. new[] { typeof(BananaJob), typeof(SubmitRequest), typeof(JournalEntry), typeof(BananaUpload), typeof(FileInfo) }
                .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Select(property => property.Name),
            // What PowerShell and the module add to files, and metadata have besides.
            "Mode", "BaseName", "VersionInfo", "LinkType", "Target", "PSPath", "PSDrive", "Job", "File", "Took", "Age", "Event",
        ];

        Assert.NotEmpty(properties);
        Assert.All(properties, property => Assert.Null(ColumnNames.Meant(property, Names)));
    }

    [Fact]
    public void A_column_is_warned_of_once()
    {
        var warnings = new ColumnWarnings(Parameters);

        Assert.Equal(
            ["The column 'Resolutoin' is ignored because no parameter has this name. If it is meant to set -Resolution, rename it to 'Resolution'."],
            warnings.Before(["Prompt", "Resolutoin", "Sku"]));
        Assert.Empty(warnings.Before(["Prompt", "RESOLUTOIN", "Sku"]));
    }

    [Fact]
    public void A_column_beside_one_that_sets_the_parameter_is_not_warned_of() =>
        Assert.Empty(new ColumnWarnings(Parameters).Before(["Prompts", "prompt", "Image Input", "ReferenceImage"]));

    [Theory]
    [InlineData("Prompt;Resolution", "an object with the single column 'Prompt;Resolution'. If it comes from a CSV file, use Import-Csv -Delimiter ';'")]
    [InlineData("Prompt\tResolution", "an object with the single column 'Prompt\tResolution'. If it comes from a CSV file, use Import-Csv -Delimiter \"`t\"")]
    [InlineData("Name", "an object with the columns 'Name'")]
    [InlineData("Promt", "an object with the columns 'Promt'. Rename 'Promt' to 'Prompt'")]
    public void A_row_without_a_prompt_is_described_with_the_likely_reason(string column, string text) => Assert.Equal(text, ColumnNames.Described([column], "Prompt"));
}
