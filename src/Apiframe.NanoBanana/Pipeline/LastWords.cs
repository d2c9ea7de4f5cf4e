using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace Apiframe.NanoBanana;

/// <summary>What a cmdlet has to say when its pipeline ends early. A pipeline that was stopped takes no warnings and no errors any more; the host and $Error do.</summary>
internal static class LastWords
{
    /// <summary>Writes a warning; if the pipeline was stopped, to the host, and the errors to $Error. Preferences count as always.</summary>
    /// <param name="cmdlet">Who has something to say.</param>
    /// <param name="warning">For a person.</param>
    /// <param name="errors">For a script, the most important one last. They are recorded only if the pipeline was stopped.</param>
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
