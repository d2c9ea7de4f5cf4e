using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Webhooks;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class WebhookTests
{
    // A test vector for webhook signatures that Apiframe publishes.
    private const string VectorKey = "afk_example_0123456789abcdef";
    private const string VectorBody = """{"event":"completed","jobId":"7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90","status":"COMPLETED"}""";
    private const string RawSignature = "c9d0f1f87092d557416a97ed8684bd76bfc9c530d8d19483d919141975f796a4";
    private const string HexSignature = "78f7d215ef488c24b73f7726b48c1a06cf7a94fdfb3fc672733c90c027d82383";

    private readonly FakeService _service = new();

    [Theory]
    [InlineData("sha256=" + RawSignature)]
    [InlineData("sha256=" + HexSignature)]
    [InlineData(RawSignature)]
    [InlineData(" sha256=" + HexSignature + "\r\n")]
    [InlineData("SHA256= " + RawSignature)]
    public void The_published_test_vector_is_accepted_in_both_readings(string signature) => Assert.Equal(VectorKey, Verify(VectorBody, signature, VectorKey));

    [Fact]
    public void Uppercase_hexadecimal_digits_are_accepted() => Assert.Equal(VectorKey, Verify(VectorBody, "sha256=" + RawSignature.ToUpperInvariant(), VectorKey));

    [Theory]
    [InlineData(RawSignature, VectorBody + "\n", "was not created from this body with the API key")]
    [InlineData(HexSignature, """{"event":"completed","jobId":"7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b91","status":"COMPLETED"}""", "was not created from this body")]
    [InlineData(RawSignature, "", "was not created from this body")]
    [InlineData("c9d0f1f87092d557416a97ed8684bd76bfc9c530d8d19483d919141975f796a5", VectorBody, "was not created from this body")]
    [InlineData("d9d0f1f87092d557416a97ed8684bd76bfc9c530d8d19483d919141975f796a4", VectorBody, "was not created from this body")]
    [InlineData(null, VectorBody, "is not signed")]
    [InlineData("", VectorBody, "is not signed")]
    [InlineData(" \t", VectorBody, "is not signed")]
    [InlineData("sha256=", VectorBody, "is not a valid signature")]
    [InlineData("sha1=" + RawSignature, VectorBody, "is not a valid signature")]
    [InlineData("sha256=" + RawSignature + "00", VectorBody, "is not a valid signature")]
    [InlineData("sha256=c9d0f1", VectorBody, "is not a valid signature")]
    [InlineData("sha256=g9d0f1f87092d557416a97ed8684bd76bfc9c530d8d19483d919141975f796a4", VectorBody, "is not a valid signature")]
    [InlineData("sha256=\uFF11\uFF11d0f1f87092d557416a97ed8684bd76bfc9c530d8d19483d919141975f796a4", VectorBody, "is not a valid signature")]
    [InlineData("sha256=sha256=" + RawSignature, VectorBody, "is not a valid signature")]
    public void Any_other_signature_is_rejected_with_the_reason(string? signature, string body, string reason)
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => Verify(body, signature, VectorKey));

        Assert.Equal(ApiframeErrorKind.WebhookSignatureInvalid, e.Kind);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(VectorKey, e.ToString(), StringComparison.Ordinal);
        Assert.False(e.IsTransient);
    }

    [Fact]
    public void The_key_that_signed_is_returned_from_several_keys()
    {
        Assert.Equal(VectorKey, Verify(VectorBody, RawSignature, "afk_first", VectorKey, "afk_last"));
        Assert.Equal(VectorKey, Verify(VectorBody, HexSignature, null, " ", $" {VectorKey}\n"));

        ApiframeException e = Assert.Throws<ApiframeException>(() => Verify(VectorBody, RawSignature, "afk_first", "afk_last", "afk_last "));
        Assert.Contains("any of the 2 API keys", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_nothing_can_be_checked()
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => Verify(VectorBody, RawSignature, null, "", " "));

        Assert.Equal(ApiframeErrorKind.MissingApiKey, e.Kind);
    }

    [Fact]
    public void A_signed_body_is_accepted_and_a_body_with_one_changed_bit_is_rejected() =>
        Prop.ForAll<byte[], NonNull<string>, int>((bytes, text, at) =>
        {
            byte[] body = bytes ?? [];
            string key = "afk_" + text.Get.Trim();
            byte[] secret = SHA256.HashData(Encoding.UTF8.GetBytes(key));
            byte[][] signatures = [HMACSHA256.HashData(secret, body), HMACSHA256.HashData(Encoding.ASCII.GetBytes(Hex(secret)), body)];
            byte[] tampered = [.. body, 0];
            tampered[(at & int.MaxValue) % tampered.Length] ^= (byte)(1 << (at & 7));
            return signatures.All(signature =>
            {
                byte[] forged = [.. signature];
                forged[(at & int.MaxValue) % forged.Length] ^= (byte)(1 << (at & 7));
                return Accepts(body, signature, key)
                    && !Accepts(body, forged, key)
                    && !Accepts(tampered, signature, key)
                    && !Accepts(body, signature, key + "x")
                    && Accepts(body, signature, key + "x", key);
            });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void An_arbitrary_signature_header_is_rejected_without_any_other_error() =>
        Prop.ForAll<string>(header =>
            Assert.Throws<ApiframeException>(() => Verify(VectorBody, header, VectorKey)).Kind == ApiframeErrorKind.WebhookSignatureInvalid)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void A_completed_event_is_a_job_that_can_be_saved_without_a_request()
    {
        WebhookEvent webhook = Read("""
            { "event": "completed", "jobId": "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", "status": "COMPLETED", "progress": 100,
              "result": { "images": ["https://cdn.example.net/1.png"] }, "model": "nano-banana-2", "creditCost": 9,
              "completedAt": "2026-11-20T09:14:15.902Z" }
            """);

        BananaJob job = webhook.Job;
        Assert.Equal("completed", webhook.Name);
        Assert.Equal((FakeService.JobId, "COMPLETED", "nano-banana-2", 100, 9m), (job.JobId, job.Status, job.Model, job.Progress, job.CreditCost));
        Assert.Equal("https://cdn.example.net/1.png", job.ImageUrl!.ToString());
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 14, 15, 902, TimeSpan.Zero), job.CompletedAt);
        Assert.True(job.IsSettled());
        Assert.Same(_service.Connection, job.Connection);
        Assert.Empty(_service.Api.Sent);
        Assert.Equal("completed: " + FakeService.JobId + " COMPLETED", webhook.ToString());
    }

    [Fact]
    public void A_failed_event_is_a_final_job_with_its_error()
    {
        WebhookEvent webhook = Read($$"""{ "event": "failed", "jobId": "{{FakeService.JobId}}", "status": "FAILED", "error": "declined", "model": "nano-banana-2" }""");

        Assert.Equal(("failed", "declined"), (webhook.Name, webhook.Job.Error));
        Assert.True(webhook.Job.IsSettled());
        Assert.Equal(ApiframeErrorKind.JobFailed, Assert.Throws<ApiframeException>(webhook.Job.EnsureCompleted).Kind);
    }

    [Theory]
    [InlineData("""{ "jobId": "1", "status": "PROCESSING", "progress": 40 }""")]
    [InlineData("""{ "jobId": "1", "event": "completed" }""")]
    [InlineData("""{ "jobId": "1", "event": "completed", "status": "COMPLETED", "result": null }""")]
    public void A_job_from_an_incomplete_event_is_not_settled(string body) => Assert.False(Read(body).Job.IsSettled());

    [Theory]
    [InlineData(""" "event": "progress", "type": "failed", "status": "COMPLETED" """, "failed", "progress")]
    [InlineData(""" "type": "Failed", "status": "COMPLETED" """, "progress", "failed")]
    [InlineData(""" "event": 7, "status": "COMPLETED" """, "progress", "progress")]
    [InlineData(""" "event": "" """, " Progress ", "progress")]
    [InlineData(""" "status": "completed" """, null, "completed")]
    [InlineData(""" "status": "FAILED" """, " ", "failed")]
    [InlineData(""" "status": "CANCELED" """, null, "failed")]
    [InlineData(""" "status": "QUEUED" """, null, "progress")]
    [InlineData(""" "status": "UPSCALING" """, null, "progress")]
    [InlineData(""" "event": "archived" """, null, "archived")]
    public void The_event_name_comes_from_the_body_or_else_the_header_or_else_the_status(string fields, string? header, string name) =>
        Assert.Equal(name, Read($$"""{ "jobId": "1", {{fields}} }""", header).Name);

    [Theory]
    [InlineData("jobId")]
    [InlineData("id")]
    [InlineData("job_id")]
    public void The_job_ID_is_read_under_each_of_its_field_names(string name) =>
        Assert.Equal(FakeService.JobId, Read($$"""{ "{{name}}": "{{FakeService.JobId}}", "event": "progress" }""").Job.JobId);

    [Fact]
    public void A_byte_order_mark_is_ignored() => Assert.Equal("progress", Read("\uFEFF{ \"id\": \"1\", \"event\": \"progress\" }").Name);

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\uFEFF", "is not JSON")]
    [InlineData("event=completed&jobId=1", "is not JSON")]
    [InlineData("""{ "jobId": "1", "event": "completed" """, "is not JSON")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("\"completed\"", "is not a JSON object")]
    [InlineData("null", "is not a JSON object")]
    [InlineData("{}", "does not contain a job ID")]
    [InlineData("""{ "event": "completed", "jobId": 7 }""", "does not contain a job ID")]
    [InlineData("""{ "event": "completed", "job": { "id": "1" } }""", "does not contain a job ID")]
    [InlineData("""{ "jobId": "1" }""", "neither an event nor a status")]
    [InlineData("""{ "jobId": "1", "status": 5, "event": {} }""", "neither an event nor a status")]
    public void A_body_that_is_not_an_event_is_an_error_with_the_reason(string body, string reason)
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => Read(body));

        Assert.Equal(ApiframeErrorKind.InvalidRequest, e.Kind);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_a_body_is_masked()
    {
        BananaJob job = Read($$"""{ "event": "failed", "jobId": "1", "status": "FAILED", "error": "no {{FakeService.Key}} and afk_other" }""").Job;

        Assert.Equal("no afk_*** and afk_***", job.Error);
        Assert.DoesNotContain(FakeService.Key, job.RawJson, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_that_is_nested_too_deeply_is_not_an_event() => Assert.Equal(
        ApiframeErrorKind.InvalidRequest,
        Assert.Throws<ApiframeException>(() => Read(string.Concat(Enumerable.Repeat("{\"id\":", 100_000)))).Kind);

    private static string Verify(string body, string? signature, params string?[] keys) =>
        WebhookSignature.Verify(Encoding.UTF8.GetBytes(body), signature, keys);

    private static bool Accepts(byte[] body, byte[] signature, params string[] keys)
    {
        try
        {
            WebhookSignature.Verify(body, "sha256=" + Hex(signature), keys);
            return true;
        }
        catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.WebhookSignatureInvalid)
        {
            return false;
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private WebhookEvent Read(string body, string? header = null) => WebhookEvent.Read(Encoding.UTF8.GetBytes(body), _service.Connection, header);
}
