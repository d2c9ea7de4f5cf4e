using System;
using System.Linq;
using Xunit;

namespace Simulation;

public sealed class HistoryTests
{
    private const int Seeds = 2000;

    [Fact]
    public void In_2000_simulated_histories_every_prompt_is_paid_once_and_no_paid_image_is_lost()
    {
        long? broken = Histories.FindBroken(first: 1, Seeds);

        Assert.True(broken is null, broken is { } seed ? Histories.Tell(seed) : null);
    }

    [Fact]
    public void A_seed_gives_the_same_history_each_time() => Assert.All(
        Enumerable.Range(1, 20), seed => Assert.Equal(Histories.Tell(seed).Split(Environment.NewLine), Histories.Tell(seed).Split(Environment.NewLine)));
}
