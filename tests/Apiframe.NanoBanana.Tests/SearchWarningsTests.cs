using Apiframe.Client;
using Apiframe.NanoBanana.Submitting;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class SearchWarningsTests
{
    private readonly SearchWarnings _warnings = new();

    [Fact]
    public void A_search_causes_one_warning_for_each_model_that_may_ignore_it()
    {
        Assert.Contains("nano-banana-pro may ignore the search", Before("nano-banana-pro", google: true));
        Assert.Null(Before("nano-banana-pro", image: true));
        Assert.Contains("nano-banana-2-lite may ignore the search", Before("nano-banana-2-lite", image: true));
    }

    [Fact]
    public void A_model_with_documented_search_or_an_image_without_search_causes_no_warning()
    {
        Assert.Null(Before(ImageOptions.DefaultModel, google: true, image: true));
        Assert.Null(Before("nano-banana", google: true, image: true));
        Assert.Null(Before("nano-banana-pro"));
    }

    private string? Before(string model, bool google = false, bool image = false) =>
        _warnings.Before(new SubmitRequest { Prompt = "a kite", Model = model, GoogleSearch = google, ImageSearch = image });
}
