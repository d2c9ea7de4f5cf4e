using System.Collections.Generic;

namespace Apiframe.Emulator;

/// <summary>Every violation of a request, by the path of the field.</summary>
internal sealed class ValidationErrors
{
    public const string NotAllowed = "Not an allowed value";

    private readonly Dictionary<string, List<string>> _byPath = [];

    public bool Any => _byPath.Count > 0;

    public IEnumerable<KeyValuePair<string, List<string>>> ByPath => _byPath;

    public void Add(string path, string text)
    {
        if (!_byPath.TryGetValue(path, out var texts))
        {
            _byPath.Add(path, texts = []);
        }

        texts.Add(text);
    }

    public void Require(bool holds, string path, string text)
    {
        if (!holds)
        {
            Add(path, text);
        }
    }
}
