using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using Apiframe.Client;
using Apiframe.Emulator;

namespace Apiframe.NanoBanana.Completion;

/// <summary>Offers the values known when this was written; the parameter takes others too. Nothing is asked over the network.</summary>
public abstract class ChoiceCompleter : IArgumentCompleter
{
    private readonly IReadOnlyList<string> _choices;

    private protected ChoiceCompleter(IReadOnlyList<string> choices) => _choices = choices;

    /// <summary>The choices that begin as <paramref name="wordToComplete"/> does, in any case, in the quotes that were typed.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        string typedQuote = wordToComplete.StartsWith("\"", StringComparison.Ordinal) ? "\"" : wordToComplete.StartsWith("'", StringComparison.Ordinal) ? "'" : string.Empty;
        return _choices
            .Where(choice => choice.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(choice =>
            {
                string quote = typedQuote.Length == 0 && NeedsQuotes(choice) ? "'" : typedQuote;
                return new CompletionResult(quote + choice + quote, choice, CompletionResultType.ParameterValue, choice);
            });
    }

    // Bare, 512px is a broken number and 1K may be read as one.
    private static bool NeedsQuotes(string choice) => char.IsDigit(choice[0]);
}

/// <summary>Completes model ids.</summary>
public sealed class ModelCompleter : ChoiceCompleter
{
    /// <summary>Made by the engine.</summary>
    public ModelCompleter()
        : base(ImageOptions.KnownModels)
    {
    }
}

/// <summary>Completes modalities, and the sign for all of them.</summary>
public sealed class ModalityCompleter : ChoiceCompleter
{
    /// <summary>Made by the engine.</summary>
    public ModalityCompleter()
        : base([.. BananaModel.KnownModalities, "*"])
    {
    }
}

/// <summary>Completes resolutions.</summary>
public sealed class ResolutionCompleter : ChoiceCompleter
{
    /// <summary>Made by the engine.</summary>
    public ResolutionCompleter()
        : base(ImageOptions.KnownResolutions)
    {
    }
}

/// <summary>Completes aspect ratios.</summary>
public sealed class AspectRatioCompleter : ChoiceCompleter
{
    /// <summary>Made by the engine.</summary>
    public AspectRatioCompleter()
        : base(ImageOptions.KnownAspectRatios)
    {
    }
}

/// <summary>Completes file formats.</summary>
public sealed class OutputFormatCompleter : ChoiceCompleter
{
    /// <summary>Made by the engine.</summary>
    public OutputFormatCompleter()
        : base(ImageOptions.OutputFormats)
    {
    }
}

/// <summary>Completes webhook events.</summary>
public sealed class WebhookEventCompleter : ChoiceCompleter
{
    /// <summary>Made by the engine.</summary>
    public WebhookEventCompleter()
        : base(SubmitRequest.KnownWebhookEvents)
    {
    }
}

/// <summary>Completes job statuses.</summary>
public sealed class JobStatusCompleter : ChoiceCompleter
{
    /// <summary>Made by the engine.</summary>
    public JobStatusCompleter()
        : base(JobStatus.Known)
    {
    }
}

/// <summary>Completes the names of the emulator's faults. The first use loads the emulator.</summary>
public sealed class FaultCompleter : ChoiceCompleter
{
    /// <summary>Made by the engine.</summary>
    public FaultCompleter()
        : base(EmulatorFaults.Names)
    {
    }
}
