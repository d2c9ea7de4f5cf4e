using Xunit;

namespace Apiframe.Client.Tests;

public sealed class JobFailureReasonTests
{
    [Theory]
    [InlineData("content policy violation")]
    [InlineData("The provider declined the prompt (content policy)")]
    [InlineData("IMAGE_SAFETY")]
    [InlineData("finishReason: IMAGE_PROHIBITED_CONTENT")]
    [InlineData("""{"code":"PROHIBITED_CONTENT"}""")]
    [InlineData("Your request was rejected by the safety system. Please try again.")]
    [InlineData("Blocked by content moderation")]
    public void An_error_about_content_means_a_declined_prompt(string error) => Assert.Equal("Declined", JobFailureReason.Of("FAILED", error));

    [Theory]
    [InlineData("no available capacity")]
    [InlineData("No Available Capacity, please try again later")]
    [InlineData("The model is overloaded")]
    [InlineData("RESOURCE_EXHAUSTED")]
    [InlineData("Generation timed out")]
    [InlineData("Internal server error")]
    [InlineData("Provider error: 503 Service Unavailable (invalid response)")]
    public void An_error_about_the_provider_means_an_unavailable_service(string error) => Assert.Equal("Unavailable", JobFailureReason.Of("FAILED", error));

    [Theory]
    [InlineData("Failed to download https://files.example.net/1.png")]
    [InlineData("image_input[0] could not be fetched")]
    [InlineData("Invalid image")]
    [InlineData("INVALID_ARGUMENT")]
    [InlineData("Reference image is too large")]
    public void An_error_about_the_request_means_invalid_input(string error) => Assert.Equal("InvalidInput", JobFailureReason.Of("FAILED", error));

    [Theory]
    [InlineData("IMAGE_OTHER")]
    [InlineData("Something went wrong")]
    [InlineData("")]
    [InlineData(null)]
    public void An_error_without_a_cause_means_an_unknown_reason(string? error) => Assert.Equal("Unknown", JobFailureReason.Of("FAILED", error));

    [Theory]
    [InlineData("COMPLETED")]
    [InlineData("PROCESSING")]
    [InlineData("CANCELLED")]
    [InlineData("")]
    public void A_job_that_has_not_failed_has_no_reason(string status)
    {
        Assert.Null(JobFailureReason.Of(status, "content policy violation"));
        Assert.Null(BananaJob.FromRecord("1", status, error: "content policy violation").FailureReason);
    }

    [Fact]
    public void A_failed_job_has_its_reason() => Assert.Equal("Declined", BananaJob.FromRecord("1", "failed", error: "IMAGE_SAFETY").FailureReason);
}
