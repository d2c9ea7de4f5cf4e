using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Markdig.Syntax;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HelpCompiler;

/// <summary>A YAML block with one line for each key.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Reads the block. An unknown key, and a missing required key, is an error.</summary>
    public YamlFields(string file, LeafBlock block, IReadOnlyCollection<string> required, params IReadOnlyCollection<string> optional)
    {
        int fence = block.Line + 1;
        foreach ((YamlNode key, YamlNode value) in Mapping(file, block, fence))
        {
            string name = key.ToString();
            if (!required.Contains(name) && !optional.Contains(name))
            {
                throw new PageException(file, fence + (int)key.Start.Line, $"The key '{name}' is not known here.");
            }

            _values.Add(name, value is YamlScalarNode scalar
                ? scalar.Value ?? string.Empty
                : throw new PageException(file, fence + (int)key.Start.Line, $"'{name}' must be plain text."));
        }

        if (required.Except(_values.Keys).FirstOrDefault() is { } missing)
        {
            throw new PageException(file, fence, $"The key '{missing}' is missing.");
        }
    }

    public string this[string key] => _values.GetValueOrDefault(key, string.Empty);

    public IReadOnlyList<string> List(string key) =>
        this[key].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static YamlMappingNode Mapping(string file, LeafBlock block, int fence)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(block.Lines.ToString()));
            return stream.Documents.FirstOrDefault()?.RootNode as YamlMappingNode
                ?? throw new PageException(file, fence, "This yaml has no keys.");
        }
        // For a bracket that is never closed, YamlDotNet throws an InvalidOperationException without a position.
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            throw new PageException(file, fence + (int)((e as YamlException)?.Start.Line ?? 0), $"This is not yaml: {e.Message}");
        }
    }
}
