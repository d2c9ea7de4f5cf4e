namespace Apiframe.Client.Save;

/// <summary>What to do if a file with the name already exists.</summary>
public enum ExistingFile
{
    /// <summary>The file is kept, and the download fails with <see cref="ApiframeErrorKind.FileExists"/>.</summary>
    Refuse,

    /// <summary>The file is replaced in one step.</summary>
    Replace,

    /// <summary>
    /// The file is kept and returned if it is a complete image. A job always gets the same name, so it is the same image. A file that is not a complete image
    /// is the result of a crash or of another program, and is replaced.
    /// </summary>
    Keep,
}
