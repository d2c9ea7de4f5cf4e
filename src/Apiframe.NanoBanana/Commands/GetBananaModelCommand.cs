using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.NanoBanana.Completion;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Lists the models of the service and what they cost.</summary>
/// <remarks>
/// The catalogue is public: no key is needed, and none is sent. It is a selection: the service may accept other models too.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "BananaModel")]
[OutputType(typeof(BananaModel))]
public sealed class GetBananaModelCommand : BananaCommand
{
    private const string All = "*";

    /// <summary>Made by the engine.</summary>
    public GetBananaModelCommand()
        : base("Getting models", activityId: 6)
    {
    }

    /// <summary>Only the models with these ids. Wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string[] Model { get; set; } = [All];

    /// <summary>Only the models that make this: image, video or music; * for all. The default is image.</summary>
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
