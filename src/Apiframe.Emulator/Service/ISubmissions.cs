using System.Collections.Generic;
using System.Text.Json;

namespace Apiframe.Emulator.Service;

/// <summary>One kind of submission: what its requests look like, and what jobs come of them.</summary>
internal interface ISubmissions
{
    /// <summary>The schema of a body; null if the body does not name a model that has one.</summary>
    RequestSchema? SchemaOf(JsonElement body);

    /// <summary>What is wrong with a body that has no schema, by the paths of the fields.</summary>
    IEnumerable<(string Path, string Error)> ErrorsWithoutSchema(JsonElement body);

    /// <summary>The job that would come of a request.</summary>
    Draft DraftOf(JobRequest request);
}
