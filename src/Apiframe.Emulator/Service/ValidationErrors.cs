using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace Apiframe.Emulator.Service;

/// <summary>Every violation of a request, by the path of the field.</summary>
internal sealed class ValidationErrors
{
    public const string NotAllowed = "Not an allowed value";

    private readonly List<(string Path, string Text)> _errors = [];

    public bool Any => _errors.Count > 0;

    public void Add(string path, string text) => _errors.Add((path, text));

    public void Require(bool holds, string path, string text)
    {
        if (!holds)
        {
            Add(path, text);
        }
    }

    /// <summary>For each path, what is wrong there.</summary>
    public JsonObject ToJson() => new(_errors.GroupBy(error => error.Path).Select(errors =>
        new KeyValuePair<string, JsonNode?>(errors.Key, new JsonArray([.. errors.Select(error => JsonValue.Create(error.Text))]))));
}
