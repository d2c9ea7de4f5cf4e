using System;
using System.Linq;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class JobDurationsTests
{
    private readonly JobDurations _durations = new();

    [Fact]
    public void Without_finished_jobs_the_durations_of_the_model_pages_are_expected()
    {
        Assert.Equal(12, _durations.Expected(Job("nano-banana-2", 0)).Mean);
        Assert.Equal(15, _durations.Expected(Job("nano-banana", 0)).Mean);
    }

    [Fact]
    public void Durations_of_finished_jobs_outweigh_those_of_the_model_pages()
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
    public void The_duration_of_the_last_job_is_kept_unchanged()
    {
        Assert.Null(_durations.Expected(Job("nano-banana-2", 0)).Last);
        _durations.Learn(Job("nano-banana-2", 9));
        _durations.Learn(Job("nano-banana-2", 0.3));

        Assert.Equal(0.3, _durations.Expected(Job("nano-banana-2", 0)).Last!.Value, precision: 6);
    }

    [Fact]
    public void Each_model_and_resolution_has_its_own_duration()
    {
        _durations.Learn(Job("nano-banana-2", 40, resolution: "4K"));

        Assert.Equal(12, _durations.Expected(Job("nano-banana-2", 0)).Mean);
        Assert.Equal(26, _durations.Expected(Job("nano-banana-2", 0, resolution: "4K")).Mean);
    }

    [Theory]
    [InlineData("FAILED", 1)]
    [InlineData("COMPLETED", 0)]
    [InlineData("COMPLETED", -5)]
    public void Jobs_without_a_meaningful_duration_are_ignored(string status, double took)
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
