using System;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class JoinedListTests
{
    [Fact]
    public void A_list_as_text_is_its_items_separated_by_semicolons()
    {
        var request = new SubmitRequest { Prompt = "x", ReferenceImage = ["https://a.example/1.png", "/b/2.png"], WebhookEvent = ["completed", "failed"] };
        var job = new BananaJob { JobId = "x", Options = request.ToOptions(), ImageUrls = [new Uri("https://a.example/a%20b.png"), new Uri("https://a.example/c.png")] };

        Assert.Equal("https://a.example/1.png;/b/2.png", request.ReferenceImage.ToString());
        Assert.Equal("completed;failed", request.WebhookEvent.ToString());
        Assert.Equal("https://a.example/1.png;/b/2.png", job.ReferenceImage!.ToString());
        Assert.Equal("https://a.example/a%20b.png;https://a.example/c.png", job.ImageUrls.ToString());
        Assert.Equal(string.Empty, new SubmitRequest { Prompt = "x" }.ReferenceImage.ToString());
    }

    [Fact]
    public void A_list_is_a_copy_that_later_changes_do_not_affect()
    {
        string[] given = ["a"];
        var request = new SubmitRequest { Prompt = "x", ReferenceImage = given };

        given[0] = "b";

        Assert.Equal(["a"], request.ReferenceImage);
    }

    [Fact]
    public void Requests_without_lists_are_equal() =>
        Assert.Equal(new SubmitRequest { Prompt = "x" }, new SubmitRequest { Prompt = "x", ReferenceImage = [], WebhookEvent = [] });
}
