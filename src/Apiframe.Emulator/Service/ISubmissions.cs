using System.Collections.Generic;
using System.Text.Json;

namespace Apiframe.Emulator.Service;

/// <summary>One kind of submission: the schema of its requests, and the jobs that they create.</summary>
internal interface ISubmissions
{
    /// <summary>Returns the schema of a body, or null if the body does not contain the name of a model with a schema.</summary>
    RequestSchema? SchemaOf(JsonElement body);

    /// <summary>Returns the errors of a body without a schema, by the paths of the fields.</summary>
    IEnumerable<(string Path, string Error)> ErrorsWithoutSchema(JsonElement body);

    /// <summary>Creates the draft of the job for a request.</summary>
    Draft DraftOf(JobRequest request);
}
