using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.NanoBanana.Completion;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Gets the models of the service and their prices.</summary>
/// <remarks>
/// The list is public, so no key is needed, and no key is sent. The list may be incomplete: the service can accept other models too.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "BananaModel")]
[OutputType(typeof(BananaModel))]
public sealed class GetBananaModelCommand : BananaCommand
{
    private const string All = "*";

    /// <summary>Called by PowerShell.</summary>
    public GetBananaModelCommand()
        : base("Getting models", activityId: 6)
    {
    }

    /// <summary>Returns only the models with these IDs. Wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string[] Model { get; set; } = [All];

    /// <summary>Returns only the models for this modality: image, video, or music, or * for all. The default is image.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModalityCompleter))]
    public string Modality { get; set; } = "image";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WildcardPattern[] patterns = Model.Select(model => new WildcardPattern(model, WildcardOptions.IgnoreCase)).ToArray();
        Try(Modality, () =>
        {
            ApiframeClient client = ClientFor(job: null);
            Run(
                Modality,
                () => client.ListModelsAsync(Modality == All ? null : Modality, StopToken),
                models =>
                {
                    SessionMemory.Add(client.Connection.BaseUri, models);
                    Write(models, patterns);
                });
        });
    }

    private void Write(IReadOnlyList<BananaModel> models, IEnumerable<WildcardPattern> patterns)
    {
        WriteObject(models.Where(model => patterns.Any(pattern => pattern.IsMatch(model.Model))), enumerateCollection: true);
        foreach (string name in Model.Where(name => !WildcardPattern.ContainsWildcardCharacters(name)
            && !models.Any(model => model.Model.Equals(name, StringComparison.OrdinalIgnoreCase))))
        {
            WriteError(Errors.ModelNotFound(name, Modality));
        }
    }
}
