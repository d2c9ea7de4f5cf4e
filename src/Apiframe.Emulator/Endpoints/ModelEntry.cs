namespace Apiframe.Emulator.Endpoints;

internal sealed class ModelEntry
{
    public ModelEntry(string id, string label, string description)
    {
        Id = id;
        Label = label;
        Description = description;
    }

    public string Id { get; }

    public string Label { get; }

    public string Description { get; }
}
