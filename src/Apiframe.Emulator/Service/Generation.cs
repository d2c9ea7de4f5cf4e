using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Apiframe.Emulator.Pictures;

namespace Apiframe.Emulator.Service;

/// <summary><c>POST /v2/images/generate</c>: images from prompts.</summary>
internal sealed class Generation(EmulatorRequestForm form, PriceList prices, SourceImages sources) : ISubmissions
{
    private readonly RequestSchema _schema = GenerateSchema.Of(form);

    public RequestSchema SchemaOf(JsonElement body) => _schema;

    public IEnumerable<(string Path, string Error)> ErrorsWithoutSchema(JsonElement body) => [];

    /// <summary>Creates the draft of a job. A job with a missing reference image fails. Only files of the emulator are checked.</summary>
    public Draft DraftOf(JobRequest request)
    {
        var resolution = request.Text("resolution");
        var size = PictureSize.For(resolution, request.Text("aspect_ratio"));
        var missing = request.Texts("image_input").FirstOrDefault(sources.IsMissing);
        return new Draft(
            prices.OfResolution(resolution),
            request.Text("output_format") ?? "jpg",
            seed => new Scene(seed, size),
            missing is null ? null : SourceImages.NotFetched(missing));
    }
}
