using System;
using System.Linq;
using Apiframe.Client;
using Apiframe.NanoBanana.Submitting;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class ImageOrdersTests
{
    private static readonly DateTimeOffset Earlier = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly BananaJob Job = BananaJob.FromId("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = "afk_test" }));

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void A_record_is_an_edit_only_if_it_is_a_job_and_the_prompt_was_typed(bool isJob, bool isTyped, bool isEdit) =>
        Assert.Equal(isEdit, Typed(isTyped ? ["prompt"] : []).IsEdit(Record(isJob)));

    [Fact]
    public void A_prompt_that_is_piped_to_a_typed_job_is_an_edit_with_the_references_of_the_record()
    {
        ImageOrders orders = Typed("InputObject");

        Assert.True(orders.IsEdit(Record(isJob: true)));
        Assert.Equal([Job, "piped.png"], Assert.Single(orders.Edits(Record(isJob: true), Job)).References);
    }

    [Fact]
    public void Each_prompt_of_a_record_is_a_new_image_with_the_references_the_scope_and_the_journal_of_the_record()
    {
        ImageRecord record = new([new SubmitRequest { Prompt = "a" }, new SubmitRequest { Prompt = "b" }], ["r.png"], "night", "autumn.jsonl", IsJob: false);

        var orders = Typed().New(record);

        Assert.Equal(["a", "b"], orders.Select(order => order.Request.Prompt));
        Assert.All(orders, order => Assert.Equal(["r.png"], order.References));
        Assert.All(orders, order => Assert.Equal(("night", "autumn.jsonl", null), (order.Scope, order.Journal, order.Edited)));
        Assert.Same(orders[0].Request, orders[0].Target);
    }

    [Fact]
    public void An_edit_works_from_the_image_of_the_job_first_and_then_from_the_typed_references()
    {
        ImageOrder order = Assert.Single(new ImageOrders(name => name is "Prompt" or "ReferenceImage", ["typed.png"]).Edits(Record(isJob: true), Job));

        Assert.Equal([Job, "typed.png"], order.References);
        Assert.Same(Job, order.Target);
    }

    [Fact]
    public void A_job_is_submitted_again_with_its_own_references() =>
        Assert.Equal(["piped.png"], Assert.Single(Typed().New(Record(isJob: true))).References);

    [Fact]
    public void A_request_that_is_piped_again_keeps_its_key_and_since_when_its_outcome_is_unknown()
    {
        SubmitRequest request = Typed().New(Record(isJob: false))[0].Request;

        Assert.Equal(("k", Earlier), (request.IdempotencyKey, request.OutcomeUnknownSince));
    }

    [Fact]
    public void The_key_of_a_job_is_not_used_for_a_new_image_or_an_edit()
    {
        ImageRecord job = Record(isJob: true);

        Assert.Null(Typed().New(job)[0].Request.IdempotencyKey);
        Assert.Null(Typed("Prompt").Edits(job, Job)[0].Request.IdempotencyKey);
    }

    [Theory]
    [InlineData("", "k")]
    [InlineData("ThrottleLimit", "k")]
    [InlineData("Journal", null)]
    [InlineData("Resolution", null)]
    public void An_image_from_a_journal_keeps_its_key_unless_another_image_is_requested(string typed, string? key) =>
        Assert.Equal(key, Typed(typed).New(Record(isJob: true) with { Journal = "autumn.jsonl" })[0].Request.IdempotencyKey);

    [Fact]
    public void A_specified_key_is_used_for_a_job_too_and_has_no_earlier_outcome()
    {
        SubmitRequest request = Typed("IdempotencyKey").New(Record(isJob: true))[0].Request;

        Assert.Equal(("k", null), (request.IdempotencyKey, request.OutcomeUnknownSince));
    }

    private static ImageOrders Typed(params string[] names) => new(name => names.Contains(name, StringComparer.OrdinalIgnoreCase), []);

    private static ImageRecord Record(bool isJob) =>
        new([new SubmitRequest { Prompt = "a kite", IdempotencyKey = "k", OutcomeUnknownSince = Earlier }], ["piped.png"], Scope: null, Journal: null, isJob);
}
