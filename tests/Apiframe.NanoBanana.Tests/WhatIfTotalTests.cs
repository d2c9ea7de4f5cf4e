using System.Globalization;
using Apiframe.Client;
using Apiframe.NanoBanana.Submitting;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class WhatIfTotalTests
{
    private static readonly BananaModel[] Models = [Model("a", 1, 2.5m), Model("b", 2, 9), Model("free", null, null)];

    private readonly WhatIfTotal _total = new();

    [Fact]
    public void One_image_is_counted_with_its_price()
    {
        Add("b");

        Assert.Equal("Total: 1 image, 2 to 9 credits.", Text());
    }

    [Fact]
    public void Each_image_counts_with_the_price_of_its_model()
    {
        Add("a", "b", "b");
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        Assert.Equal("Total: 3 images, 5 to 20.5 credits.", Text());
    }

    [Fact]
    public void The_total_has_no_price_if_one_price_is_unknown()
    {
        Add("a", "free");

        Assert.Equal("Total: 2 images.", Text());
    }

    [Fact]
    public void Models_are_not_reported_if_the_model_list_is_unavailable()
    {
        Add("a", "nano-bananna");

        Assert.Equal("Total: 2 images.", _total.Text([], leftOut: 0, limit: int.MaxValue));
    }

    [Fact]
    public void An_unlisted_model_is_reported_once()
    {
        Add("nano-bananna", "nano-bananna");

        Assert.Equal("Total: 2 images. The service does not list the model 'nano-bananna' and may reject the request.", Text());
    }

    [Fact]
    public void Images_that_may_exceed_the_limit_are_counted_separately()
    {
        Add("b", "b");

        Assert.Equal(
            "Total: 2 images, 4 to 18 credits. -MaximumCredit 20 may not cover 1 more image. It is submitted only if the other images cost less than the highest prices of their models.",
            _total.Text(Models, leftOut: 1, limit: 20));
    }

    private static BananaModel Model(string id, decimal? least, decimal? most) => new() { Model = id, CostMin = least, CostMax = most };

    private string Text() => _total.Text(Models, leftOut: 0, limit: int.MaxValue);

    private void Add(params string[] models)
    {
        foreach (string model in models)
        {
            _total.Add(new SubmitRequest { Prompt = "a kite", Model = model });
        }
    }
}
