using Xunit;

namespace Apiframe.Client.Tests;

public sealed class CreditBudgetTests
{
    [Fact]
    public void No_more_is_committed_than_allowed()
    {
        var budget = new CreditBudget(20);

        Assert.Equal([true, true, false, false], [budget.TryCommit(8), budget.TryCommit(8), budget.TryCommit(8), budget.TryCommit(5)]);
        Assert.True(budget.TryCommit(4));
        Assert.Equal(20, budget.Committed);
    }

    [Fact]
    public void What_was_refused_or_cost_less_is_free_again()
    {
        var budget = new CreditBudget(20);
        budget.TryCommit(15);
        budget.Correct(most: 15, actual: 5);
        Assert.True(budget.TryCommit(15));

        budget.Correct(most: 15, actual: 0);
        Assert.Equal(5, budget.Committed);
    }

    [Fact]
    public void A_budget_of_nothing_lets_only_what_is_free_through()
    {
        var budget = new CreditBudget(0);

        Assert.Equal([false, true], [budget.TryCommit(1), budget.TryCommit(0)]);
    }
}
