using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace Apiframe.NanoBanana;

/// <summary>
/// Output of a cmdlet whose pipeline ends early. A stopped pipeline accepts no warnings and no errors, so they go to the host and to $Error.
/// </summary>
internal static class LastWords
{
    /// <summary>Writes a warning. If the pipeline was stopped, writes it to the host, and the errors to $Error. Preference variables apply as usual.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="warning">The warning, for a person.</param>
    /// <param name="errors">The errors, for a script, with the most important one last. They are recorded only if the pipeline was stopped.</param>
    public static void Write(PSCmdlet cmdlet, string warning, IEnumerable<ErrorRecord> errors)
    {
        try
        {
            cmdlet.WriteWarning(warning);
        }
        catch (RuntimeException)
        {
            if (Preference(cmdlet, "Warning") is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore))
            {
                cmdlet.Host.UI?.WriteWarningLine(warning);
            }

            if (Preference(cmdlet, "Error") != ActionPreference.Ignore && cmdlet.GetVariableValue("global:Error") is IList recorded)
            {
                foreach (ErrorRecord error in errors)
                {
                    recorded.Insert(0, error);
                }
            }
        }
    }

    private static ActionPreference Preference(PSCmdlet cmdlet, string stream)
    {
        object? given = cmdlet.MyInvocation.BoundParameters.TryGetValue(stream + "Action", out object? bound)
            ? bound
            : cmdlet.GetVariableValue(stream == "Error" ? "ErrorActionPreference" : stream + "Preference");
        return LanguagePrimitives.TryConvertTo(given, out ActionPreference preference) ? preference : ActionPreference.Continue;
    }
}
