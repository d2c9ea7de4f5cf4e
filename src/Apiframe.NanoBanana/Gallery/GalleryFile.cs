using System;
using System.IO;
using System.Text;
using System.Threading;
using Apiframe.Client.Save;
using Apiframe.Gallery;

namespace Apiframe.NanoBanana;

/// <summary>Writes the page of a gallery to a file.</summary>
internal static class GalleryFile
{
    private const int BufferSize = 48 * 1024;

    /// <summary>Writes the page to a file, which appears or is replaced only after it is complete.</summary>
    /// <param name="page">The page.</param>
    /// <param name="path">The path of the file, in the folder that the page was created for.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <param name="cancellationToken">Cancels before the next image. An existing file is not changed.</param>
    /// <exception cref="IOException">The file exists and <paramref name="overwrite"/> is false, the disk is full, or an image cannot be read.</exception>
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
