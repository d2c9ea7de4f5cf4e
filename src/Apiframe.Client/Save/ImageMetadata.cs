using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Save;

/// <summary>
/// The metadata file of an image, which describes how it was created: <c>kite.png</c> has <c>kite.png.json</c>, in UTF-8 and indented.
/// </summary>
/// <remarks>
/// The properties have the names of the parameters of <c>New-BananaImage</c>, so metadata can be used to create the image again. Addresses are stored without
/// user, password, and query, which can contain signatures. A masked reference is rejected when it is used, so that it is not confused with another image.
/// </remarks>
public static class ImageMetadata
{
    /// <summary>
    /// The maximum size of a metadata file. A prompt has at most 2000 characters and a job 14 references, so a larger file is not image metadata.
    /// </summary>
    private const int MaximumBytes = 1024 * 1024;

    private const string FileName = "fileName";

    /// <summary>Returns the path of the metadata file of an image.</summary>
    public static string PathFor(string imagePath) => imagePath + ".json";

    /// <summary>Returns the job in the metadata file of an image. Null if the file does not exist, is not image metadata, or cannot be read.</summary>
    /// <param name="imagePath">The full path of the image.</param>
    public static BananaJob? Read(string imagePath)
    {
        var file = new FileInfo(PathFor(imagePath));
        if (!file.Exists || file.Length > MaximumBytes)
        {
            return null;
        }

        try
        {
            return Read(Utf8Json.Parse(File.ReadAllBytes(file.FullName)));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the metadata of an image. The file appears only after it is complete.</summary>
    /// <param name="image">The image.</param>
    /// <param name="job">The job that made it.</param>
    /// <param name="index">The index of the image in its job, from 0.</param>
    /// <param name="replace">Whether existing metadata is replaced.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.MetadataConflict"/>: a file with that name is not image metadata. It is not
    /// changed.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static void Write(FileInfo image, BananaJob job, int index, bool replace)
    {
        string path = PathFor(image.FullName);
        bool isThere = File.Exists(path);
        if (isThere && Read(image.FullName) is null)
        {
            throw new ApiframeException(
                ApiframeErrorKind.MetadataConflict, $"'{image.FullName}' is saved, but '{path}' already exists and is not an image metadata file.");
        }

        if (isThere && !replace)
        {
            return;
        }

        byte[] json = Serialize(image.Name, job, index);
        using var partial = new PartialFile(path);
        partial.Write(json, json.Length);
        try
        {
            partial.MoveTo(path, overwrite: isThere);
        }
        catch (IOException) when (Read(image.FullName) is not null)
        {
            // Another process has written the metadata meanwhile.
        }
    }

    private static byte[] Serialize(string fileName, BananaJob job, int index)
    {
        using var stream = new MemoryStream();
        // Non-ASCII characters are not escaped, so that prompts are readable. The file is never part of a web page.
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            // All properties are always written, so that a table of many files has the same columns for any first file.
            json.WriteStartObject();
            json.WriteString(FileName, fileName);
            json.WriteString("jobId", job.JobId);
            json.WriteString("status", job.Status);
            json.WriteString("model", job.Model);
            json.WriteString("prompt", job.Prompt);
            OptionsJson.File.WriteAll(json, job.Options with { ReferenceImage = [.. job.Options.ReferenceImage.Select(WebUrl.Shown)] });
            if (job.CreditCost is { } cost)
            {
                json.WriteNumber("creditCost", cost);
            }
            else
            {
                json.WriteNull("creditCost");
            }

            json.WriteString("createdAt", Text(job.CreatedAt));
            json.WriteString("completedAt", Text(job.CompletedAt));
            json.WriteString("imageUrl", job.ImageUrls.Skip(index).FirstOrDefault() is { } url ? WebUrl.Shown(url.AbsoluteUri) : null);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static BananaJob? Read(JsonElement json)
    {
        if (json.Text(FileName) is null || json.Text("jobId") is not { } id)
        {
            return null;
        }

        Uri[] urls = json.Text("imageUrl") is { } address && WebUrl.Parse(address) is { } url ? [url] : [];
        return new BananaJob
        {
            JobId = id,
            Status = JobStatus.Normalize(json.Text("status")),
            Prompt = json.Exact("prompt"),
            Options = OptionsJson.File.Read(json, json.Text("model")),
            ImageUrls = urls,
            CreditCost = json.Number("creditCost"),
            CreatedAt = json.Time("createdAt"),
            CompletedAt = json.Time("completedAt"),
        };
    }

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
