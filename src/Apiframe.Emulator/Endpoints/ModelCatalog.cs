using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Emulator.Endpoints;

/// <summary>The models the emulator knows: all make images.</summary>
internal static class ModelCatalog
{
    public static IReadOnlyList<ModelEntry> Models { get; } =
    [
        new("nano-banana", "Nano Banana", "Fast composition and editing."),
        new("nano-banana-pro", "Nano Banana Pro", "Accurate text in pictures, up to 4K."),
        new("nano-banana-2", "Nano Banana 2", "Search grounding, up to 4K."),
        new("nano-banana-2-lite", "Nano Banana 2 Lite", "The small one."),
    ];

    public static IReadOnlyList<string> Ids { get; } = Models.Select(model => model.Id).ToArray();
}
