using System.Management.Automation;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>The value of -FileName: a text, or a script block that is called with the job in $_.</summary>
internal static class FileNameInput
{
    /// <summary>Returns the name for a job or a URL. Null or empty if none is specified.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the script block failed, or used break, continue, or
    /// exit.</exception>
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
            // Otherwise, it would end a loop or a script of the caller, and abandon the images that are being downloaded.
            throw new ApiframeException(
                ApiframeErrorKind.InvalidRequest, $"The script block {{{script}}} of -FileName cannot contain break, continue, or exit. It must return the name of the file.");
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw new ApiframeException(ApiframeErrorKind.InvalidRequest, $"The script block {{{script}}} of -FileName failed: {e.Message}");
        }
    }
}
