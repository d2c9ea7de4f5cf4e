using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.Emulator;
using Apiframe.NanoBanana.Commands;

namespace Apiframe.NanoBanana.Completion;

/// <summary>Offers known values. The parameter accepts other values too. No requests are sent.</summary>
public abstract class ChoiceCompleter : IArgumentCompleter
{
    private readonly IReadOnlyList<string> _choices;

    private protected ChoiceCompleter(IReadOnlyList<string> choices) => _choices = choices;

    /// <summary>Returns the values that begin with <paramref name="wordToComplete"/>, regardless of case, in the quotation marks that were typed.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        string typedQuote = wordToComplete.StartsWith("\"", StringComparison.Ordinal) ? "\"" : wordToComplete.StartsWith("'", StringComparison.Ordinal) ? "'" : string.Empty;
        return Choices(fakeBoundParameters)
            .Where(choice => choice.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(choice =>
            {
                string quote = typedQuote.Length == 0 && NeedsQuotes(choice.Text) ? "'" : typedQuote;
                return new CompletionResult(quote + choice.Text + quote, choice.Text, CompletionResultType.ParameterValue, choice.ToolTip);
            });
    }

    /// <summary>Returns the offered values with their tooltips.</summary>
    /// <param name="parameters">The parameters that were typed before, if their values are known.</param>
    private protected virtual IEnumerable<(string Text, string ToolTip)> Choices(IDictionary parameters) => _choices.Select(choice => (choice, choice));

    // Without quotation marks, 512px is not a valid number, and 1K may be read as a number.
    private static bool NeedsQuotes(string choice) => char.IsDigit(choice[0]) && !choice.All(char.IsDigit);
}

/// <summary>Completes model IDs, with the prices that the service has returned in this session.</summary>
public class ModelCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public ModelCompleter()
        : this(ImageOptions.KnownModels)
    {
    }

    private protected ModelCompleter(IReadOnlyList<string> models)
        : base(models)
    {
    }

    private protected override IEnumerable<(string Text, string ToolTip)> Choices(IDictionary parameters) =>
        from choice in base.Choices(parameters)
        let price = ServiceEnvironment.Current.Address is { } service ? SessionMemory.Price(service, choice.Text) : null
        select price is null ? choice : (choice.Text, $"{choice.Text}: {Credits(price)} credits for an image");

    private static string Credits(CreditPrice price) => price.Least == price.Most ? $"{price.Most:0.##}" : $"{price.Least:0.##} to {price.Most:0.##}";
}

/// <summary>Completes job IDs: those of a specified journal, or else those of the jobs that were written in this session.</summary>
public sealed class JobIdCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public JobIdCompleter()
        : base([])
    {
    }

    private protected override IEnumerable<(string Text, string ToolTip)> Choices(IDictionary parameters) =>
        parameters[nameof(JobInputCommand.Journal)] is string journal
            ? Entries(journal).Where(entry => entry.JobId is not null).Reverse().Select(entry => Choice(entry.JobId!, entry.State.ToString(), entry.Prompt))
            : SessionMemory.Jobs.Select(job => Choice(job.JobId, job.Status, job.Prompt));

    private static (string Text, string ToolTip) Choice(string jobId, string status, string? prompt)
    {
        string[] told = [.. new[] { status, ShownText.Excerpt(prompt ?? string.Empty) }.Where(text => text.Length > 0)];
        return (jobId, told.Length > 0 ? string.Join(": ", told) : jobId);
    }

    private static Collection<JournalEntry> Entries(string path)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Get-BananaJournal").AddParameter("LiteralPath", path).AddParameter("ErrorAction", ActionPreference.Ignore).Invoke<JournalEntry>();
    }
}

/// <summary>Completes the models for the specified edit: upscaling or background removal.</summary>
public sealed class EditModelCompleter : ModelCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public EditModelCompleter()
        : base([.. ImageEdit.Upscalers, .. ImageEdit.BackgroundRemovers])
    {
    }

    private protected override IEnumerable<(string Text, string ToolTip)> Choices(IDictionary parameters)
    {
        IReadOnlyList<string>? models = parameters.Contains(nameof(EditBananaImageCommand.Upscale)) ? ImageEdit.Upscalers
            : parameters.Contains(nameof(EditBananaImageCommand.RemoveBackground)) ? ImageEdit.BackgroundRemovers
            : null;
        return base.Choices(parameters).Where(choice => models?.Contains(choice.Text) != false);
    }
}

/// <summary>Completes the factors that the upscalers have in common, and one more of each.</summary>
public sealed class UpscaleCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public UpscaleCompleter()
        : base(["2", "4", "6", "8"])
    {
    }
}

/// <summary>Completes the variants of topaz-image-upscale.</summary>
public sealed class ModelTypeCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public ModelTypeCompleter()
        : base(ImageEdit.ModelTypes)
    {
    }
}

/// <summary>Completes the replacements of a background.</summary>
public sealed class BackgroundTypeCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public BackgroundTypeCompleter()
        : base(ImageEdit.BackgroundTypes)
    {
    }
}

/// <summary>Completes modalities, and <c>*</c> for all of them.</summary>
public sealed class ModalityCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public ModalityCompleter()
        : base([.. BananaModel.KnownModalities, "*"])
    {
    }
}

/// <summary>Completes resolutions.</summary>
public sealed class ResolutionCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public ResolutionCompleter()
        : base(ImageOptions.KnownResolutions)
    {
    }
}

/// <summary>Completes aspect ratios.</summary>
public sealed class AspectRatioCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public AspectRatioCompleter()
        : base(ImageOptions.KnownAspectRatios)
    {
    }
}

/// <summary>Completes file formats.</summary>
public sealed class OutputFormatCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public OutputFormatCompleter()
        : base(ImageOptions.OutputFormats)
    {
    }
}

/// <summary>Completes webhook events.</summary>
public sealed class WebhookEventCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public WebhookEventCompleter()
        : base(SubmitRequest.KnownWebhookEvents)
    {
    }
}

/// <summary>Completes job statuses.</summary>
public sealed class JobStatusCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public JobStatusCompleter()
        : base(JobStatus.Known)
    {
    }
}

/// <summary>Completes the names of the faults of the emulator. The first use loads the emulator.</summary>
public sealed class FaultCompleter : ChoiceCompleter
{
    /// <summary>Called by PowerShell.</summary>
    public FaultCompleter()
        : base(EmulatorFaults.Names)
    {
    }
}
