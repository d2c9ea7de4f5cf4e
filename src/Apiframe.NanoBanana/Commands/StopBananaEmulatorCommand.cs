using System.Collections.Generic;
using System.Management.Automation;
using Apiframe.Emulator;
using Apiframe.NanoBanana.Emulators;

namespace Apiframe.NanoBanana.Commands;

/// <summary>
/// <para type="synopsis">Stops emulators and puts back the environment variables that they had set.</para>
/// <para type="description">Without input, all emulators of this process are stopped.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "BananaEmulator", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopBananaEmulatorCommand : PSCmdlet
{
    /// <summary>
    /// <para type="description">What Start-BananaEmulator or Get-BananaEmulator wrote.</para>
    /// </summary>
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
