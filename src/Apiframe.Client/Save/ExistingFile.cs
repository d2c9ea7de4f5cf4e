namespace Apiframe.Client.Save;

/// <summary>What to do with a file that has the name already.</summary>
public enum ExistingFile
{
    /// <summary>Leave it and fail with <see cref="ApiframeErrorKind.FileExists"/>.</summary>
    Refuse,

    /// <summary>Put the image in its place, in one step.</summary>
    Replace,

    /// <summary>Leave it and return it: the same job always gets the same name, so it is the image.</summary>
    Keep,
}
