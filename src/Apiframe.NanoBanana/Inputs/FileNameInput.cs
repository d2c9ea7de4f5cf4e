using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>What -FileName says: a text, or what a script block makes of the job in $_.</summary>
internal static class FileNameInput
{
    /// <summary>The name for a job or a URL; null or blank if none is given.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the script block failed, or tried to end the caller's loop or script.</exception>
    public static string? NameFor(object source, object? fileName)
    {
        if (fileName is not ScriptBlock script)
        {
            return fileName?.ToString();
        }

        try
        {
            return string.Concat(script.InvokeWithContext(null, [new PSVariable("_", source)]));
        }
        catch (FlowControlException e) when (e is not TerminateException)
        {
            // Else it would end a loop or a script of the caller, and with it the images that are on their way.
            throw new ApiframeException(
                ApiframeErrorKind.InvalidRequest, $"FileName {{{script}}} used break, continue, or exit. A script block must return the name of the file.");
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"FileName {{{script}}} failed: {e.Message}");
        }
    }
}
