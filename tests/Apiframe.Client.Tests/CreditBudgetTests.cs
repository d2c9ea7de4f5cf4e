using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class CreditBudgetTests
{
    private static readonly CreditPrice Price = new("nano-banana-2", 5, 15);

    [Fact]
    public void A_budget_never_commits_more_than_its_limit()
    {
        var budget = new CreditBudget(20);
        CreditPrice eight = new("a", 8, 8);

        Assert.Equal(eight, budget.TryCommit(eight));
        Assert.Equal(eight, budget.TryCommit(eight));
        Assert.Null(budget.TryCommit(eight));
        Assert.Null(budget.TryCommit(new("a", 0, 5)));
        Assert.NotNull(budget.TryCommit(new("a", 0, 4)));
        Assert.Equal(20, budget.Committed);
    }

    [Fact]
    public void Credits_of_a_rejected_or_cheaper_image_are_available_again()
    {
        var budget = new CreditBudget(20);
        budget.Settle(budget.TryCommit(Price)!, Job(JobStatus.Completed, 5));
        budget.Refuse(budget.TryCommit(Price)!);

        Assert.Equal(5, budget.Committed);
        Assert.NotNull(budget.TryCommit(Price));
    }

    [Theory]
    [InlineData("QUEUED")]
    [InlineData("PROCESSING")]
    [InlineData("MODERATING")]
    [InlineData("")]
    public void A_job_that_has_not_ended_counts_with_the_highest_price(string status)
    {
        var budget = new CreditBudget(30);

        budget.Settle(budget.TryCommit(Price)!, Job(status, 0));

        Assert.Equal(15, budget.Committed);
    }

    [Theory]
    [InlineData(JobStatus.Completed)]
    [InlineData(JobStatus.Failed)]
    public void The_response_to_a_submission_settles_no_credits(string status)
    {
        var budget = new CreditBudget(30);

        budget.Settle(budget.TryCommit(Price)!, new BananaJob { JobId = FakeService.JobId, Status = status, CreditCost = 0 });

        Assert.Equal(15, budget.Committed);
    }

    [Theory]
    [InlineData(JobStatus.Completed, "7", "7")]
    [InlineData(JobStatus.Completed, "20", "20")]
    [InlineData(JobStatus.Completed, null, "15")]
    [InlineData(JobStatus.Completed, "-15", "15")]
    [InlineData(JobStatus.Completed, "79000000000000000000000000000", "15")]
    [InlineData(JobStatus.Completed, "0", "5")]
    [InlineData(JobStatus.Failed, "0", "0")]
    [InlineData(JobStatus.Failed, null, "15")]
    [InlineData(JobStatus.Cancelled, "3", "3")]
    public void A_job_that_has_ended_counts_with_its_cost_if_that_is_valid(string status, string? told, string counted)
    {
        var budget = new CreditBudget(30);

        budget.Settle(budget.TryCommit(Price)!, Job(status, Decimal(told)));

        Assert.Equal(Decimal(counted), budget.Committed);
    }

    [Fact]
    public void A_job_that_cost_more_than_its_list_price_raises_the_price_of_the_next_images()
    {
        var budget = new CreditBudget(60);
        budget.Settle(budget.TryCommit(Price)!, Job(JobStatus.Completed, 20));

        Assert.Equal(20, budget.TryCommit(Price)!.Most);
        Assert.Equal(15, budget.TryCommit(Price with { Model = "nano-banana" })!.Most);
        Assert.Null(budget.TryCommit(Price));
    }

    [Fact]
    public void An_image_may_fit_while_the_lowest_prices_of_the_open_images_leave_enough_credits()
    {
        var budget = new CreditBudget(30);
        CreditPrice first = budget.TryCommit(Price)!;
        budget.TryCommit(Price);

        Assert.Null(budget.TryCommit(Price));
        Assert.True(budget.MayFit(Price));

        budget.Settle(first, Job(JobStatus.Completed, 11));
        Assert.False(budget.MayFit(Price));
    }

    [Fact]
    public void A_budget_of_zero_admits_no_image_that_may_cost_credits() => Assert.Null(new CreditBudget(0).TryCommit(new("a", 0, 1)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_limit_holds_for_any_costs_that_running_jobs_report(int seed)
    {
        // The service bills what the price list allows, but the cost that it reports before a job has ended can be any number.
        var random = new Random(seed);
        string[] running = ["QUEUED", "PROCESSING", "MODERATING", ""];
        decimal[] lies = [0, -1000, 7.9e28m, 1, 100];
        for (int batch = 0; batch < 200; batch++)
        {
            var open = new List<(CreditPrice Committed, decimal Bill)>();
            decimal billed = 0;
            int maximum = random.Next(1, 200);
            var budget = new CreditBudget(maximum);
            for (int step = 0; step < 100; step++)
            {
                if (random.Next(2) == 0 && budget.TryCommit(Price) is { } committed)
                {
                    decimal bill = random.Next((int)Price.Least, (int)Price.Most + 1);
                    billed += bill;
                    open.Add((committed, bill));
                }
                else if (open.Count > 0)
                {
                    int at = random.Next(open.Count);
                    bool ended = random.Next(2) == 0;
                    budget.Settle(open[at].Committed, ended ? Job(JobStatus.Completed, open[at].Bill) : Job(running[random.Next(running.Length)], lies[random.Next(lies.Length)]));
                    if (ended)
                    {
                        open.RemoveAt(at);
                    }
                }

                Assert.InRange(billed, 0, maximum);
            }
        }
    }

    [Theory]
    [InlineData("5", "15", true)]
    [InlineData(null, "15", true)]
    [InlineData("15", "15", true)]
    [InlineData("16", "15", false)]
    [InlineData("5", null, false)]
    [InlineData("0", "0", false)]
    [InlineData("-20", "-15", false)]
    [InlineData("5", "79000000000000000000000000000", false)]
    public async Task A_price_range_that_is_not_valid_is_ignored(string? least, string? most, bool isPrice)
    {
        var service = new FakeService();
        service.Api.Json($$"""{ "models": [ { "id": "other", "costMax": 1 }, { "id": "nano-banana-2", "costMin": {{least ?? "null"}}, "costMax": {{most ?? "null"}} } ] }""");

        CreditPrice? price = CreditPrice.Of(await service.Client.ListModelsAsync(cancellationToken: TestContext.Current.CancellationToken), "nano-banana-2");

        Assert.Equal(isPrice ? new CreditPrice("nano-banana-2", Decimal(least) ?? 0, 15) : null, price);
    }

    [Fact]
    public void The_higher_of_two_prices_of_a_model_counts()
    {
        BananaModel[] list = [new() { Model = "a", CostMax = 2 }, new() { Model = "a", CostMin = 1, CostMax = 9 }, new() { Model = "a" }];

        Assert.Equal(new CreditPrice("a", 1, 9), CreditPrice.Of(list, "a"));
        Assert.Null(CreditPrice.Of(list, "b"));
    }

    [Theory]
    [InlineData("-1", null)]
    [InlineData("79000000000000000000000000000", null)]
    [InlineData("7.5", "7.5")]
    public async Task A_cost_that_is_not_valid_is_null(string told, string? cost)
    {
        var service = new FakeService();
        service.Api.Json(FakeService.Job("COMPLETED", $$""", "creditCost": {{told}}""")).Json($$"""{ "team": { "credits": {{told}} } }""");

        BananaJob job = await service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);
        BananaAccount account = await service.Client.GetAccountAsync(TestContext.Current.CancellationToken);

        Assert.Equal((Decimal(cost), told.Length > 20 ? null : Decimal(told)), (job.CreditCost, account.Credits));
    }

    private static decimal? Decimal(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static BananaJob Job(string status, decimal? cost) => new() { JobId = FakeService.JobId, Status = status, CreditCost = cost, IsTold = true };
}
