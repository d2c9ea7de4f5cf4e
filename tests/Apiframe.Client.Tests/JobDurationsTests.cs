using System;
using System.Linq;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class JobDurationsTests
{
    private readonly JobDurations _durations = new();

    [Fact]
    public void At_first_the_model_pages_are_believed()
    {
        Assert.Equal(12, _durations.Expected(Job("nano-banana-2", 0)).Mean);
        Assert.Equal(15, _durations.Expected(Job("nano-banana", 0)).Mean);
    }

    [Fact]
    public void Jobs_that_were_seen_are_believed_more()
    {
        foreach (double took in Enumerable.Repeat(3.0, 100))
        {
            _durations.Learn(Job("nano-banana-2", took));
        }

        JobDuration expected = _durations.Expected(Job("nano-banana-2", 0));
        Assert.Equal(3, expected.Mean, precision: 3);
        Assert.InRange(expected.Spread, 0, 0.1);
    }

    [Fact]
    public void The_time_of_the_last_job_is_known_as_it_was()
    {
        Assert.Null(_durations.Expected(Job("nano-banana-2", 0)).Last);
        _durations.Learn(Job("nano-banana-2", 9));
        _durations.Learn(Job("nano-banana-2", 0.3));

        Assert.Equal(0.3, _durations.Expected(Job("nano-banana-2", 0)).Last!.Value, precision: 6);
    }

    [Fact]
    public void Each_model_and_resolution_has_its_own_figure()
    {
        _durations.Learn(Job("nano-banana-2", 40, resolution: "4K"));

        Assert.Equal(12, _durations.Expected(Job("nano-banana-2", 0)).Mean);
        Assert.Equal(26, _durations.Expected(Job("nano-banana-2", 0, resolution: "4K")).Mean);
    }

    [Theory]
    [InlineData("FAILED", 1)]
    [InlineData("COMPLETED", 0)]
    [InlineData("COMPLETED", -5)]
    public void What_says_nothing_is_not_learned(string status, double took)
    {
        _durations.Learn(Job("nano-banana-2", took, status));

        Assert.Equal(12, _durations.Expected(Job("nano-banana-2", 0)).Mean);
    }

    private static BananaJob Job(string model, double took, string status = "COMPLETED", string? resolution = null) => new()
    {
        JobId = "1", Status = status, Options = new() { Model = model, Resolution = resolution },
        CreatedAt = DateTimeOffset.UnixEpoch, CompletedAt = DateTimeOffset.UnixEpoch.AddSeconds(took),
    };
}
