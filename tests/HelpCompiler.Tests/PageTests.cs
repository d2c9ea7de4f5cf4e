using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace HelpCompiler.Tests;

/// <summary>The pages of the cmdlets against the cmdlets themselves, without PowerShell.</summary>
public sealed partial class PageTests(PageTests.Fixture fixture) : IClassFixture<PageTests.Fixture>
{
    private static readonly string[] Common =
        ["Verbose", "Debug", "ErrorAction", "ErrorVariable", "WarningAction", "WarningVariable", "InformationAction", "InformationVariable", "OutVariable", "OutBuffer", "PipelineVariable"];

    public static TheoryData<string> Names => [.. Repository.Pages.Select(page => Path.GetFileNameWithoutExtension(page))];

    [Fact]
    public void Every_cmdlet_has_a_page_and_is_exported()
    {
        IEnumerable<string> cmdlets = fixture.Cmdlets.All.Select(cmdlet => cmdlet.Name);
        string manifest = File.ReadAllText(Path.Combine(Repository.Root, "Apiframe.NanoBanana.psd1"));

        Assert.Equal(cmdlets, fixture.Pages.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(cmdlets, CmdletName().Matches(manifest[manifest.IndexOf("CmdletsToExport", StringComparison.Ordinal)..]).Select(match => match.Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_documents_the_parameters_that_are_there(string name)
    {
        Cmdlets.Cmdlet cmdlet = fixture.Cmdlets.All.Single(one => one.Name == name);
        IEnumerable<string> parameters = cmdlet.Parameters.Select(parameter => parameter.Name).Concat(cmdlet.SupportsShouldProcess ? ["Confirm", "WhatIf"] : []);

        Assert.Equal(parameters.Order(StringComparer.Ordinal), fixture.Pages[name].Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_says_of_each_parameter_what_it_means_what_it_takes_and_what_it_is_by_default(string name)
    {
        foreach (Cmdlets.CmdletParameter declared in fixture.Cmdlets.All.Single(one => one.Name == name).Parameters)
        {
            Parameter documented = fixture.Pages[name].Parameters.Single(parameter => parameter.Name == declared.Name);

            Assert.Equal(
                (declared.Name, declared.Type, declared.IsRequired, declared.Position, declared.PipelineInput, declared.Aliases),
                (documented.Name, documented.Type, documented.IsRequired, documented.Position, documented.PipelineInput, documented.Aliases));
            Assert.NotEmpty(documented.DefaultValue);
            Assert.All(declared.Choices, choice => Assert.Contains(choice, string.Join(' ', documented.Description), StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_gives_cmdlets_only_what_they_take(string name)
    {
        Assert.NotEmpty(fixture.Pages[name].Examples);
        foreach (Example example in fixture.Pages[name].Examples)
        {
            Assert.NotEmpty(example.Remarks);
            AssertCallsAreThere(example.Code);
        }
    }

    [Fact]
    public void Whatever_else_shows_lines_to_type_gives_cmdlets_only_what_they_take()
    {
        foreach (string document in Repository.Documents)
        {
            foreach (Match block in CodeBlock().Matches(File.ReadAllText(document)))
            {
                AssertCallsAreThere(block.Groups["code"].Value);
            }
        }
    }

    [Fact]
    public void No_text_names_a_cmdlet_that_is_not_there()
    {
        var named = Repository.Documents.SelectMany(document => CmdletName().Matches(File.ReadAllText(document)).Select(match => match.Value)).Distinct();

        Assert.Empty(named.Except(fixture.Pages.Keys));
    }

    /// <summary>Each of the module's cmdlets with the parameters behind it, up to the next command.</summary>
    private void AssertCallsAreThere(string code)
    {
        foreach (Match call in Call().Matches(Strings().Replace(code, "''")))
        {
            string[] known = [.. fixture.Pages[call.Groups["name"].Value].Parameters.Select(parameter => parameter.Name), .. Common];
            Assert.All(call.Groups["parameter"].Captures.Select(parameter => parameter.Value), parameter => Assert.Contains(parameter, known));
        }
    }

    [GeneratedRegex(@"\b(?:[A-Z][a-z]+|ConvertFrom)-Banana[A-Z]\w+")]
    private static partial Regex CmdletName();

    [GeneratedRegex(@"^```powershell\r?\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"'[^'\n]*'|""[^""\n]*""")]
    private static partial Regex Strings();

    [GeneratedRegex(@"(?<name>\b(?:[A-Z][a-z]+|ConvertFrom)-Banana[A-Z]\w+)(?:(?:[ \t]|`\r?\n)+(?:-(?<parameter>[A-Z]\w*)|[^\s|;(){}#-][^\s|;(){}#]*|\([^()\n]*\)|@?\{[^{}]*\}))*")]
    private static partial Regex Call();

    /// <summary>Read once for all tests.</summary>
    public sealed class Fixture : IDisposable
    {
        internal Cmdlets Cmdlets { get; } = new();

        internal IReadOnlyDictionary<string, CommandPage> Pages { get; } = Repository.Pages.Select(PageReader.Read).ToDictionary(page => page.Name);

        public void Dispose() => Cmdlets.Dispose();
    }
}
