using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Apiframe.Client.Json;

/// <summary>Serialisation code made at compile time: quick to load, and no reflection that Windows PowerShell would have to resolve.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GenerateBody))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
internal sealed partial class WireContext : JsonSerializerContext;
