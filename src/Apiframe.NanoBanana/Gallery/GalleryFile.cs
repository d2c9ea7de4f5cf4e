using System;
using System.IO;
using System.Text;
using System.Threading;
using Apiframe.Client.Save;
using Apiframe.Gallery;

namespace Apiframe.NanoBanana;

/// <summary>A gallery's page as a file.</summary>
internal static class GalleryFile
{
    private const int BufferSize = 48 * 1024;

    /// <summary>Writes the page to a file, which appears whole or not at all.</summary>
    /// <param name="page">The page.</param>
    /// <param name="path">The file, in the folder that the page was made for.</param>
    /// <param name="overwrite">Whether to replace a file that is there.</param>
    /// <param name="cancellationToken">Stops before the next picture and leaves what was there before.</param>
    /// <exception cref="IOException">The file is there and <paramref name="overwrite"/> is false, the disk did not take it, or an image cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to, or an image cannot be read.</exception>
    public static void Save(GalleryPage page, string path, bool overwrite, CancellationToken cancellationToken)
    {
        using var partial = new PartialFile(path);
        var html = new StreamWriter(partial.Content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize);
        page.Write(html, cancellationToken);
        html.Flush();
        partial.MoveTo(path, overwrite);
    }
}
