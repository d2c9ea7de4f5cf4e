using System;
using System.Text.Json;
using Apiframe.Client.Edits;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Journal;

/// <summary>Reads requests from lines. Most requests of a batch differ only in the prompt, so equal options are read once.</summary>
internal sealed class JournalRequests
{
    private byte[] _params = [];
    private SubmitRequest _last = new() { Prompt = string.Empty };

    /// <summary>Returns the request in the format of the API, or null if it has neither a prompt nor an edit.</summary>
    /// <param name="json">The reader, at the beginning of the value. Afterwards, it is at the end of the value.</param>
    /// <param name="line">The bytes of the line.</param>
    public SubmitRequest? Read(ref Utf8JsonReader json, ReadOnlySpan<byte> line)
    {
        string? prompt = null;
        string? model = null;
        ReadOnlySpan<byte> options = [];
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            // Escaped names are not recognized, because journals are never written with them.
            bool isPrompt = json.ValueSpan.SequenceEqual("prompt"u8);
            bool isModel = json.ValueSpan.SequenceEqual("model"u8);
            bool isOptions = json.ValueSpan.EndsWith("Params"u8);
            json.Read();
            int start = (int)json.TokenStartIndex;
            if (json.TokenType == JsonTokenType.String)
            {
                prompt = isPrompt ? JournalFields.TextOf(ref json) : prompt;
                model = isModel ? JournalFields.TextOf(ref json) : model;
            }

            json.Skip();
            options = isOptions ? line.Slice(start, (int)json.BytesConsumed - start) : options;
        }

        if (model != _last.Model || !options.SequenceEqual(_params))
        {
            _params = options.ToArray();
            _last = Request(model);
        }

        return !string.IsNullOrEmpty(prompt) ? _last with { Prompt = prompt! } : _last.Edit is null ? null : _last;
    }

    private SubmitRequest Request(string? model)
    {
        using JsonDocument? json = _params.Length == 0 ? null : JsonDocument.Parse(_params);
        JsonElement given = json?.RootElement ?? default;
        ImageOptions options = EditModel.Of(model)?.Read(given, earlier: null) ?? OptionsJson.Api.Read(given, model);
        return new SubmitRequest
        {
            Prompt = string.Empty,
            Model = options.Model,
            Edit = options.Edit,
            Resolution = options.Resolution,
            AspectRatio = options.AspectRatio,
            OutputFormat = options.OutputFormat,
            ReferenceImage = options.ReferenceImage,
            GoogleSearch = options.GoogleSearch,
            ImageSearch = options.ImageSearch,
        };
    }
}
