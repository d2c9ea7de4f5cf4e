using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace HelpCompiler;

/// <summary>Writes help pages in MAML, the format that Get-Help reads.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Root = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <param name="pages">The pages.</param>
    /// <param name="onlineFolder">The address of the folder of the pages, for Get-Help -Online.</param>
    public static XDocument Document(IEnumerable<CommandPage> pages, string onlineFolder) => new(
        new XElement(Root + "helpItems", new XAttribute("schema", "maml"), pages.Select(page => CommandElement(page, $"{onlineFolder}/{page.Name}.md"))));

    private static XElement CommandElement(CommandPage page, string onlinePage) => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", page.Name),
            new XElement(Command + "verb", page.Name.Split('-')[0]),
            new XElement(Command + "noun", page.Name.Split('-')[1]),
            Description(page.Synopsis)),
        Description(page.Description),
        new XElement(Command + "syntax", page.Syntax.Select(set => new XElement(
            Command + "syntaxItem",
            new XElement(Maml + "name", page.Name),
            set.Parameters.Select(parameter => ParameterElement(parameter, parameter.IsSwitch ? null : Values(parameter)))))),
        new XElement(Command + "parameters", page.Parameters.Select(parameter => ParameterElement(parameter, Value(parameter, parameter.Type)))),
        new XElement(Command + "inputTypes", page.Inputs.Select(note => TypeElement("inputType", note))),
        new XElement(Command + "returnValues", page.Outputs.Select(note => TypeElement("returnValue", note))),
        new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
        new XElement(Command + "examples", page.Examples.Select(ExampleElement)),
        // Get-Help -Online opens the first link with an address.
        new XElement(Command + "relatedLinks", page.Links.Prepend(new Link("Online Version:", onlinePage)).Select(link => new XElement(
            Maml + "navigationLink", new XElement(Maml + "linkText", link.Text), new XElement(Maml + "uri", link.Url)))));

    private static XElement ParameterElement(Parameter parameter, XElement? value) => new(
        Command + "parameter",
        new XAttribute("required", parameter.IsRequired),
        new XAttribute("variableLength", parameter.Type.EndsWith("[]", System.StringComparison.Ordinal)),
        new XAttribute("globbing", parameter.TakesWildcards),
        new XAttribute("pipelineInput", parameter.PipelineInput),
        new XAttribute("position", parameter.Position),
        new XAttribute("aliases", parameter.Aliases.Length > 0 ? parameter.Aliases : "none"),
        new XElement(Maml + "name", parameter.Name),
        Description(parameter.Description),
        value,
        Type(parameter.Type),
        new XElement(Dev + "defaultValue", parameter.DefaultValue));

    private static XElement Values(Parameter parameter) => parameter.AcceptedValues.Count == 0
        ? Value(parameter, parameter.Type)
        : new XElement(Command + "parameterValueGroup", parameter.AcceptedValues.Select(value => Value(parameter, value)));

    private static XElement Value(Parameter parameter, string text) =>
        new(Command + "parameterValue", new XAttribute("required", !parameter.IsSwitch), new XAttribute("variableLength", false), text);

    private static XElement TypeElement(string name, TypeNote note) => new(Command + name, Type(note.Type), Description(note.Description));

    private static XElement Type(string name) => new(Dev + "type", new XElement(Maml + "name", name), new XElement(Maml + "uri"));

    private static XElement ExampleElement(Example example) => new(
        Command + "example",
        new XElement(Maml + "title", $"---- {example.Title} ----"),
        new XElement(Dev + "code", example.Code),
        // Get-Help writes no line between examples, so an empty paragraph separates them.
        new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, string.Empty])));

    private static XElement Description(IEnumerable<string> text) => new(Maml + "description", Paragraphs(text));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> text) => text.Select(paragraph => new XElement(Maml + "para", paragraph));
}
