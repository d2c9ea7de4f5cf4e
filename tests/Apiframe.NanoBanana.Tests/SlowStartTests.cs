using System;
using System.Collections.Generic;
using Apiframe.Client;
using Apiframe.NanoBanana.Submitting;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class SlowStartTests
{
    private readonly SlowStart _start;
    private readonly Queue<SubmitRequest> _underWay = new();
    private TimeSpan _now;
    private int _submitted;

    public SlowStartTests() => _start = new SlowStart(() => _now);

    [Fact]
    public void The_second_image_is_submitted_after_the_first_one_was_taken()
    {
        Submit();
        Assert.False(_start.HasPlace());

        Take();
        Assert.True(_start.HasPlace());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(100, 199)]
    public void A_pipeline_that_takes_a_few_jobs_submits_less_than_twice_as_many(int taken, int submitted)
    {
        for (int i = 0; i < taken; i++)
        {
            SubmitAll();
            Take();
        }

        Assert.Equal(submitted, _submitted);
    }

    [Fact]
    public void The_number_of_running_submissions_doubles_with_each_round()
    {
        var underWay = new List<int>();
        for (int round = 0; round < 5; round++)
        {
            SubmitAll();
            underWay.Add(_underWay.Count);
            for (int i = _underWay.Count; i > 0; i--)
            {
                Take();
            }
        }

        Assert.Equal([1, 2, 4, 8, 16], underWay);
    }

    [Fact]
    public void A_slow_response_delays_each_other_submission_by_two_seconds()
    {
        Submit();
        _now = TimeSpan.FromSeconds(1.9);
        Assert.False(_start.HasPlace());

        _now = TimeSpan.FromSeconds(2);
        SubmitAll();
        Assert.Equal(2, _submitted);

        _now = TimeSpan.FromSeconds(4);
        SubmitAll();
        Assert.Equal(3, _submitted);
    }

    [Fact]
    public void The_end_of_other_work_does_not_allow_a_submission()
    {
        Submit();
        _start.End("a job that was looked up");
        _start.End(new SubmitRequest { Prompt = "an image that was not submitted" });

        Assert.False(_start.HasPlace());
    }

    private void SubmitAll()
    {
        while (_start.HasPlace())
        {
            Submit();
        }
    }

    private void Submit()
    {
        SubmitRequest image = new() { Prompt = $"image {++_submitted}" };
        _underWay.Enqueue(image);
        _start.Begin(image);
    }

    private void Take() => _start.End(_underWay.Dequeue());
}
