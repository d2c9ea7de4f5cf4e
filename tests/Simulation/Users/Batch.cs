using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Apiframe.Client;
using Apiframe.Client.Tests.Fakes;
using Simulation.Machine;
using Simulation.Outside;

namespace Simulation.Users;

/// <summary>The images that a user wants, and the paths of the results.</summary>
internal sealed class Batch
{
    private readonly List<SubmitRequest> _images = [];

    public Batch(World world, ulong seed, Settings settings)
    {
        // Histories run at the same time, so each needs its own folder.
        Folder = Path.GetFullPath($"/simulation/{seed}");
        Images = Path.Combine(Folder, "images");
        Journal = Path.Combine(Folder, "batch.jsonl");
        string reference = Path.Combine(Folder, "reference.png");
        world.Disk.AddFolder(Folder);
        DiskFile file = world.Disk.Create(reference);
        file.Write(0, SampleImages.Png);
        world.Disk.Flush(file);

        int prompts = world.Dice.Between(1, 4);
        bool hasReferences = world.Dice.Is(0.35);
        HasWebhooks = world.Dice.Is(0.5);
        // The form of the model page cannot request the progress.
        bool wantsProgress = HasWebhooks && settings.TakesOnlyForm != "string" && world.Dice.Is(0.5);
        for (int number = 1; number <= prompts; number++)
        {
            var request = new SubmitRequest
            {
                Prompt = $"Picture {number}",
                Resolution = world.Dice.Pick<string?>([null, "2K"]),
                ReferenceImage = !hasReferences || world.Dice.Is(0.4) ? [] : world.Dice.Is(0.5) ? ["https://refs.sim.example/one.png"] : [reference],
                WebhookUrl = HasWebhooks ? "https://hooks.sim.example/banana" : null,
                WebhookEvent = wantsProgress ? SubmitRequest.KnownWebhookEvents : [],
            };
            _images.AddRange(Enumerable.Repeat(request, world.Dice.Is(0.15) ? 2 : 1));
        }
    }

    public string Folder { get; }

    public string Images { get; }

    public string Journal { get; }

    /// <summary>The requested images in order. Some are requested twice.</summary>
    public IReadOnlyList<SubmitRequest> Requests => _images;

    /// <summary>Whether the images are requested with a webhook.</summary>
    public bool HasWebhooks { get; }

    /// <summary>Returns the number of requested images with this prompt.</summary>
    public int Copies(string prompt) => _images.Count(image => image.Prompt == prompt);

    /// <summary>
    /// The prompts that may be billed again, because the user has allowed it or because the documentation promises nothing, each with the reason.
    /// </summary>
    public Dictionary<string, string> MayBeBilledAgain { get; } = new(StringComparer.Ordinal);

    /// <summary>The prompts that may end without an image, each with the reason.</summary>
    public Dictionary<string, string> MayLackImages { get; } = new(StringComparer.Ordinal);
}
