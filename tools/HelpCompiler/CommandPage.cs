using System.Collections.Generic;

namespace HelpCompiler;

/// <summary>The help page of one cmdlet. Each text is a list of paragraphs.</summary>
internal sealed record CommandPage(
    string Name,
    IReadOnlyList<string> Synopsis,
    IReadOnlyList<ParameterSet> Syntax,
    IReadOnlyList<string> Description,
    IReadOnlyList<Example> Examples,
    IReadOnlyList<Parameter> Parameters,
    IReadOnlyList<TypeNote> Inputs,
    IReadOnlyList<TypeNote> Outputs,
    IReadOnlyList<string> Notes,
    IReadOnlyList<Link> Links);

/// <summary>A parameter set, with the parameters in the order of its syntax line.</summary>
internal sealed record ParameterSet(string Name, IReadOnlyList<Parameter> Parameters);

internal sealed record Example(string Title, string Code, IReadOnlyList<string> Remarks);

internal sealed record Parameter(
    string Name,
    IReadOnlyList<string> Description,
    string Type,
    IReadOnlyList<string> Sets,
    string Aliases,
    IReadOnlyList<string> AcceptedValues,
    bool IsRequired,
    string Position,
    string DefaultValue,
    string PipelineInput,
    bool TakesWildcards)
{
    public bool IsSwitch => Type == "SwitchParameter";
}

internal sealed record TypeNote(string Type, IReadOnlyList<string> Description);

internal sealed record Link(string Text, string Url);
