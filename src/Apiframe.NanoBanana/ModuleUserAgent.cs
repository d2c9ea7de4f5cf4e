using System.Management.Automation.Host;
using System.Runtime.InteropServices;

namespace Apiframe.NanoBanana;

/// <summary>What the module calls itself to the service.</summary>
internal static class ModuleUserAgent
{
    /// <summary>Product and version of the module and of the PowerShell that it runs in.</summary>
    public static string For(PSHost host) =>
        $"Apiframe.NanoBanana/{typeof(ModuleUserAgent).Assembly.GetName().Version!.ToString(3)} PowerShell/{host.Version.ToString(2)} ({RuntimeInformation.OSArchitecture})";
}
