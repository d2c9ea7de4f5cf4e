using System.Collections.Generic;
using System.Management.Automation;
using Apiframe.Emulator;
using Apiframe.NanoBanana.Emulators;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Stops emulators and restores the environment variables that they had set.</summary>
/// <remarks>
/// Without input, all emulators of this process are stopped.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "BananaEmulator", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopBananaEmulatorCommand : PSCmdlet
{
    /// <summary>Emulators from Start-BananaEmulator or Get-BananaEmulator.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public BananaEmulator[]? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IReadOnlyList<BananaEmulator> emulators = InputObject ?? RunningEmulators.All;
        foreach (BananaEmulator emulator in emulators)
        {
            if (ShouldProcess(emulator.ToString(), "Stop"))
            {
                RunningEmulators.Stop(emulator);
            }
        }
    }
}
