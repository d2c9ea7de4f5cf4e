namespace Apiframe.Client.Save;

/// <summary>What to do with a file that has the name already.</summary>
public enum ExistingFile
{
    /// <summary>Leave it and fail with <see cref="ApiframeErrorKind.FileExists"/>.</summary>
    Refuse,

    /// <summary>Put the image in its place, in one step.</summary>
    Replace,

    /// <summary>
    /// Leave it and return it if it is a whole image: the same job always gets the same name, so it is the image. What is not a whole image is what a crash or
    /// another tool has left of one, and is replaced.
    /// </summary>
    Keep,
}
