using System.Management.Automation;
using Apiframe.Emulator;
using Apiframe.NanoBanana.Emulators;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Lists the emulators that run in this process.</summary>
/// <remarks>
/// The Counts property contains the number of requests by kind, billed images, and replays.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "BananaEmulator")]
[OutputType(typeof(BananaEmulator))]
public sealed class GetBananaEmulatorCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(RunningEmulators.All, enumerateCollection: true);
}
