using System;
using System.Globalization;
using System.IO;
using Apiframe.Client.Save;

namespace Apiframe.Client.Submit;

/// <summary>A local file that is used as a reference image. It is checked before a request is sent.</summary>
internal static class LocalReference
{
    /// <summary>The prefix of the hash in <see cref="Fingerprint"/>, which keeps it from being read as a URL.</summary>
    public const string FingerprintMark = "sha256:";

    /// <summary>25 MB. It is not documented whether a MB has 10^6 or 2^20 bytes, so the service decides about files between these sizes.</summary>
    private const long MaximumBytes = 25 * 1024 * 1024;

    /// <summary>Throws an exception unless the service accepts the file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="name">The name of the parameter, for the error.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, with the file, the problem, and the allowed values.</exception>
    public static void Check(string path, string name)
    {
        if (Directory.Exists(path))
        {
            throw Invalid(name, path, "is a folder. Specify a file, or a pattern such as *.png.");
        }

        using FileStream file = Open(path, name);
        if (ImageFormat.Of(file) is null)
        {
            throw Invalid(name, path, "is not a PNG, JPEG, WebP, or GIF file. Its first bytes do not match any of these formats. Use another file.");
        }

        if (file.Length > MaximumBytes)
        {
            string megabytes = (file.Length / (1024.0 * 1024)).ToString("0.0", CultureInfo.InvariantCulture);
            throw Invalid(name, path, $"has a size of {megabytes} MB. At most 25 MB is allowed. Use a smaller file.");
        }
    }

    /// <summary>Opens the file.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the file cannot be read.</exception>
    public static FileStream Open(string path, string name = nameof(ImageOptions.ReferenceImage))
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Invalid(name, path, e is not (FileNotFoundException or DirectoryNotFoundException) ? $"cannot be read: {e.Message}"
                : name == "File" ? "does not exist. Check the path."
                : "is not an http or https URL, and no file with this path exists. Check the value.");
        }
    }

    /// <summary>Returns the hash that represents the file in an idempotency key, because its address changes with each upload.</summary>
    public static string Fingerprint(string path)
    {
        using FileStream file = Open(path);
        return FingerprintMark + Sha256.Of(file);
    }

    private static ApiframeException Invalid(string name, string path, string what) => ApiframeException.NotSent($"{name} '{path}' {what}");
}
