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
    public void A_column_with_one_typing_error_is_matched_to_its_parameter(string column, string parameter) => Assert.Equal(parameter, ColumnNames.Meant(column, Names));

    [Theory]
    [InlineData("resolution")]
    [InlineData("ImageInput")]
    [InlineData("Sku")]
    [InlineData("Name")]
    [InlineData("Price")]
    [InlineData("Resoultoin")]
    [InlineData("")]
    public void The_name_of_a_parameter_and_any_other_column_are_matched_to_no_other_parameter(string column) => Assert.Null(ColumnNames.Meant(column, Names));

    [Fact]
    public void No_property_of_the_output_is_matched_as_a_typing_error()
    {
        string[] properties =
        [
            .. new[] { typeof(BananaJob), typeof(SubmitRequest), typeof(JournalEntry), typeof(BananaUpload), typeof(FileInfo) }
                .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Select(property => property.Name),
            // These are properties that PowerShell and the module add to files, and properties of metadata.
            "Mode", "BaseName", "VersionInfo", "LinkType", "Target", "PSPath", "PSDrive", "Job", "File", "Took", "Age", "Event",
        ];

        Assert.NotEmpty(properties);
        Assert.All(properties, property => Assert.Null(ColumnNames.Meant(property, Names)));
    }

    [Fact]
    public void Each_column_causes_one_warning()
    {
        var warnings = new ColumnWarnings(Parameters);

        Assert.Equal(
            ["The column 'Resolutoin' is ignored because no parameter has this name. If it is meant to set -Resolution, rename it to 'Resolution'."],
            warnings.Before(["Prompt", "Resolutoin", "Sku"]));
        Assert.Empty(warnings.Before(["Prompt", "RESOLUTOIN", "Sku"]));
    }

    [Fact]
    public void A_column_causes_no_warning_if_another_column_sets_the_parameter() =>
        Assert.Empty(new ColumnWarnings(Parameters).Before(["Prompts", "prompt", "Image Input", "ReferenceImage"]));

    [Theory]
    [InlineData("Prompt;Resolution", "an object with the single property 'Prompt;Resolution'", "If the object comes from a CSV file, use Import-Csv -Delimiter ';'.")]
    [InlineData("Prompt\tResolution", "an object with the single property 'Prompt\tResolution'", "If the object comes from a CSV file, use Import-Csv -Delimiter \"`t\".")]
    [InlineData("Name", "an object with the property 'Name'", null)]
    [InlineData("Promt", "an object with the property 'Promt'", "Rename 'Promt' to 'Prompt'.")]
    public void The_error_for_a_row_without_a_prompt_contains_the_likely_reason(string column, string text, string? advice) => Assert.Equal((text, advice), ColumnNames.Described([column], "Prompt"));
}
