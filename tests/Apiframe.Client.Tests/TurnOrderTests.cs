using System.Collections.Generic;
using Apiframe.Client.Connection;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class TurnOrderTests
{
    private readonly TurnOrder _order = new();

    [Fact]
    public void A_submission_that_waits_has_its_turn_before_a_status_request()
    {
        Wait(submissions: 1, others: 1);

        Assert.False(_order.TryTake(goesFirst: false));
        Assert.True(_order.TryTake(goesFirst: true));
        _order.Count(goesFirst: true, -1);
        Assert.True(_order.TryTake(goesFirst: false));
    }

    [Fact]
    public void A_status_request_that_waits_has_its_turn_after_nine_submissions()
    {
        Wait(submissions: 100, others: 1);

        Assert.Equal("SSSSSSSSSOSSSSSSSSSO", Turns(20));
    }

    [Fact]
    public void Submissions_follow_each_other_while_no_other_call_waits()
    {
        Wait(submissions: 20, others: 0);

        Assert.All(new int[20], _ => Assert.True(_order.TryTake(goesFirst: true)));
    }

    [Fact]
    public void A_canceled_submission_does_not_keep_its_turn()
    {
        Wait(submissions: 1, others: 1);
        _order.Count(goesFirst: true, -1);

        Assert.True(_order.TryTake(goesFirst: false));
    }

    private void Wait(int submissions, int others)
    {
        _order.Count(goesFirst: true, submissions);
        _order.Count(goesFirst: false, others);
    }

    /// <summary>Returns the turns in order: S for a submission and O for any other call. Both kinds wait each time, and exactly one gets the turn.</summary>
    private string Turns(int count)
    {
        var turns = new List<char>();
        for (int i = 0; i < count; i++)
        {
            bool isOther = _order.TryTake(goesFirst: false);
            Assert.True(isOther || _order.TryTake(goesFirst: true));
            turns.Add(isOther ? 'O' : 'S');
        }

        return string.Concat(turns);
    }
}
