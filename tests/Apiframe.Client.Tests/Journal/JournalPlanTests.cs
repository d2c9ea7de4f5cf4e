using System;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class JournalPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public void An_image_without_an_attempt_is_submitted() => Assert.Equal(JournalDecision.SubmitNext, Decide(null));

    [Theory]
    [InlineData(true, JournalDecision.Saved)]
    [InlineData(false, JournalDecision.Take)]
    public void A_saved_image_needs_no_request_if_its_file_is_complete_and_otherwise_its_job_is_taken(bool isWhole, object decision) =>
        Assert.Equal(decision, JournalPlan.Decide(Entry(JournalEntryState.Saved), Now, Day, payAgain: false, _ => isWhole));

    [Theory]
    [InlineData(JournalEntryState.Accepted)]
    [InlineData(JournalEntryState.Completed)]
    public void A_known_job_is_taken(JournalEntryState state)
    {
        Assert.Equal(JournalDecision.Take, Decide(Entry(state)));
        Assert.Equal(JournalDecision.Take, Decide(Entry(state), payAgain: true));
    }

    [Theory]
    [InlineData(0, JournalDecision.SubmitAgain)]
    [InlineData(22.9, JournalDecision.SubmitAgain)]
    [InlineData(23, JournalDecision.Reconcile)]
    [InlineData(24, JournalDecision.Reconcile)]
    [InlineData(1000, JournalDecision.Reconcile)]
    [InlineData(-0.05, JournalDecision.SubmitAgain)]
    [InlineData(-0.1, JournalDecision.Reconcile)]
    public void An_attempt_without_a_response_is_repeated_under_its_key_while_the_service_certainly_knows_it(double ageInHours, object decision)
    {
        Assert.Equal(decision, Decide(Entry(JournalEntryState.Intended, ageInHours)));
        Assert.Equal(decision, Decide(Entry(JournalEntryState.Intended, ageInHours), payAgain: true));
    }

    [Fact]
    public void An_attempt_whose_time_is_within_the_difference_of_two_clocks_is_repeated() => Assert.Equal(
        JournalDecision.SubmitAgain, Decide(Entry(JournalEntryState.Intended) with { Intents = [new Intent(Now + JournalPlan.ClockMargin, [])] }));

    [Fact]
    public void The_age_of_a_key_counts_from_its_first_use() => Assert.Equal(
        JournalDecision.Reconcile,
        Decide(Entry(JournalEntryState.Intended) with { Intents = [new Intent(Now - TimeSpan.FromHours(30), []), new Intent(Now - TimeSpan.FromHours(10), [])] }));

    [Theory]
    [InlineData(1.9, JournalDecision.SubmitAgain)]
    [InlineData(2.1, JournalDecision.Reconcile)]
    public void The_lifetime_of_keys_can_be_specified(double ageInSeconds, object decision) => Assert.Equal(
        decision, JournalPlan.Decide(Entry(JournalEntryState.Intended, ageInSeconds / 3600), Now, TimeSpan.FromSeconds(2), payAgain: false, _ => true));

    [Theory]
    [InlineData("InsufficientCredits", JournalDecision.SubmitNext)]
    [InlineData("NotFound", JournalDecision.SubmitNext)]
    [InlineData("SubmissionUnknown", JournalDecision.SubmitNext)]
    [InlineData("a kind of a later version", JournalDecision.SubmitNext)]
    [InlineData("Conflict", JournalDecision.Reconcile)]
    public void A_rejected_image_is_submitted_under_a_new_key_unless_the_service_knows_its_key(string kind, object decision) =>
        Assert.Equal(decision, Decide(Entry(JournalEntryState.Refused) with { Error = kind }));

    [Theory]
    [InlineData(JournalEntryState.Failed, "FAILED", null, false, JournalDecision.SubmitNext)]
    [InlineData(JournalEntryState.Failed, "FAILED", 0, false, JournalDecision.SubmitNext)]
    [InlineData(JournalEntryState.Failed, "FAILED", 8, false, JournalDecision.Take)]
    [InlineData(JournalEntryState.Failed, "FAILED", 8, true, JournalDecision.SubmitNext)]
    [InlineData(JournalEntryState.Cancelled, "CANCELLED", 0, false, JournalDecision.SubmitNext)]
    [InlineData(JournalEntryState.Cancelled, "CANCELLED", null, false, JournalDecision.Take)]
    [InlineData(JournalEntryState.Cancelled, "CANCELLED", null, true, JournalDecision.SubmitNext)]
    public void A_job_without_an_image_is_submitted_again_after_it_was_refunded(JournalEntryState state, string status, int? cost, bool payAgain, object decision) =>
        Assert.Equal(decision, Decide(Entry(state) with { Status = status, CreditCost = cost, HasEnded = true }, payAgain));

    private static JournalDecision Decide(JournalEntry? last, bool payAgain = false) => JournalPlan.Decide(last, Now, Day, payAgain, _ => true);

    private static JournalEntry Entry(JournalEntryState state, double ageInHours = 0) =>
        new() { State = state, Owner = JournalBench.Journal, Intents = [new Intent(Now - TimeSpan.FromHours(ageInHours), [])] };
}
