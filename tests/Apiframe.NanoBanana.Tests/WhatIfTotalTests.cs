using System.Globalization;
using Apiframe.Client;
using Apiframe.NanoBanana.Submitting;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class WhatIfTotalTests
{
    private readonly WhatIfTotal _total = new();

    [Fact]
    public void One_image_is_counted_with_its_price()
    {
        Add("a");

        Assert.Equal("In all: 1 image, 4 to 15 credits.", _total.Text(model => new CreditPrice(model, 4, 15)));
    }

    [Fact]
    public void Each_image_counts_with_the_price_of_its_model()
    {
        Add("a", "b", "b");
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        Assert.Equal("In all: 3 images, 5 to 20.5 credits.", _total.Text(model => model == "a" ? new CreditPrice(model, 1, 2.5m) : new CreditPrice(model, 2, 9)));
    }

    [Fact]
    public void Images_are_counted_without_a_price_if_the_price_of_one_is_not_known()
    {
        Add("a", "b");

        Assert.Equal("In all: 2 images.", _total.Text(model => model == "a" ? new CreditPrice(model, 1, 2) : null));
    }

    private void Add(params string[] models)
    {
        foreach (string model in models)
        {
            _total.Add(new SubmitRequest { Prompt = "a kite", Model = model });
        }
    }
}
