using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Apiframe.Emulator.Tests.Server;
using Xunit;

namespace Apiframe.Emulator.Tests.Faults;

public sealed class RequestFaultTests
{
    private static readonly string Post =
        $"POST /v2/images/generate HTTP/1.1\r\nHost: x\r\nX-API-Key: {TestEmulator.ApiKey}\r\nContent-Type: application/json\r\n"
        + $"Content-Length: {TestEmulator.SmallestRequest.Length}\r\n\r\n{TestEmulator.SmallestRequest}";

    public static TheoryData<string, int, string?, int> ServerErrors() => new()
    {
        { "Error500Json", 500, "application/json", 0 },
        { "Error500Html", 500, "text/html", 0 },
        { "Error500Empty", 500, null, 0 },
        { "Error502Json", 502, "application/json", 1 },
        { "Error502Html", 502, "text/html", 1 },
        { "Error502Empty", 502, null, 1 },
        { "Error503Json", 503, "application/json", 0 },
        { "Error503Html", 503, "text/html", 0 },
        { "Error503Empty", 503, null, 0 },
        { "Error504Json", 504, "application/json", 1 },
        { "Error504Html", 504, "text/html", 1 },
        { "Error504Empty", 504, null, 1 },
    };

    [Theory]
    [MemberData(nameof(ServerErrors))]
    public async Task A_server_error_has_its_status_and_body_and_a_gateway_error_follows_the_accepted_job(string fault, int status, string? mediaType, int jobs)
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, fault));

        using var response = await test.PostAsync(TestEmulator.SmallestRequest);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(mediaType is null, body.Length == 0);
        Assert.Equal(mediaType == "application/json", body.StartsWith("{\"error\":\"", StringComparison.Ordinal));
        var counts = test.Emulator.Counts;
        Assert.Equal((1, jobs, 1), (counts.Submissions, counts.JobsAccepted, counts.Refusals));
    }

    [Theory]
    [InlineData("ResetBeforeAcceptance", 0)]
    [InlineData("ResetAfterAcceptance", 1)]
    public async Task A_reset_sends_no_response_whether_or_not_the_job_was_accepted(string fault, int jobs)
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, fault));
        using var connection = new RawConnection(test.Emulator.BaseUri);

        await connection.SendAsync(Post);
        var error = await Assert.ThrowsAsync<IOException>(connection.ReceiveAsync);

        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
        var counts = test.Emulator.Counts;
        Assert.Equal((1, jobs, 0), (counts.Submissions, counts.JobsAccepted, counts.Refusals));
    }

    [Fact]
    public async Task A_lost_response_closes_the_connection_normally_after_the_job_was_accepted()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "AnswerLost"));
        using var connection = new RawConnection(test.Emulator.BaseUri);

        await connection.SendAsync(Post);

        Assert.True(await connection.IsClosedAsync());
        Assert.Equal(1, test.Emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task A_lost_error_response_does_not_count_as_a_rejection()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "AnswerLost"));
        using var connection = new RawConnection(test.Emulator.BaseUri);

        // HttpClient is not used here, because it repeats a GET by itself if the connection ends before the response begins.
        await connection.SendAsync("GET /no/such/path HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.True(await connection.IsClosedAsync());
        Assert.Equal((1, 0), (test.Emulator.Counts.OtherRequests, test.Emulator.Counts.Refusals));
    }

    [Fact]
    public async Task A_slow_response_follows_a_request_that_was_processed_at_once()
    {
        var pause = new FakePause();
        using var test = new TestEmulator(TestEmulator.Faulty(3, "SlowAnswer"), pause);

        var answer = test.PostAsync(TestEmulator.SmallestRequest);

        Assert.Equal(TimeSpan.FromSeconds(3), await pause.BegunAsync());
        Assert.Equal(1, test.Emulator.Counts.JobsAccepted);
        Assert.False(answer.IsCompleted);
        pause.End();
        using var response = await answer;
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task The_emulator_stops_without_waiting_for_slow_responses()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(86400, "SlowAnswer"));
        using var connection = new RawConnection(test.Emulator.BaseUri);
        await connection.SendAsync(Post);
        while (test.Emulator.Counts.JobsAccepted == 0)
        {
            await Task.Yield();
        }

        test.Emulator.Stop();

        await AssertEndedAsync(connection);
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(1.5, "2")]
    [InlineData(30, "30")]
    public async Task A_rate_limit_sends_Retry_After_in_whole_seconds(double durationSec, string retryAfter)
    {
        using var test = new TestEmulator(TestEmulator.Faulty(durationSec, "RateLimitSeconds"));

        using var response = await test.PostAsync(TestEmulator.SmallestRequest);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.TooManyRequests, "Too many requests");
        Assert.Equal(retryAfter, Assert.Single(response.Headers.GetValues("Retry-After")));
        Assert.Equal(0, test.Emulator.Counts.JobsAccepted);
    }

    [Theory]
    [InlineData(0, "Fri, 20 Nov 2026 09:14:04 GMT")]
    [InlineData(2.5, "Fri, 20 Nov 2026 09:14:05 GMT")]
    [InlineData(60, "Fri, 20 Nov 2026 09:15:03 GMT")]
    public async Task A_rate_limit_sends_Retry_After_as_a_date_that_is_not_too_early(double durationSec, string retryAfter)
    {
        using var test = new TestEmulator(TestEmulator.Faulty(durationSec, "RateLimitDate"));

        using var response = await test.PostAsync(TestEmulator.SmallestRequest);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(retryAfter, Assert.Single(response.Headers.GetValues("Retry-After")));
        Assert.Equal(0, test.Emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task A_rate_limit_can_omit_Retry_After()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "RateLimitBare"));

        using var response = await test.PostAsync(TestEmulator.SmallestRequest);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Equal(0, test.Emulator.Counts.JobsAccepted);
    }

    [Theory]
    [InlineData("MalformedJson")]
    [InlineData("TruncatedJson")]
    public async Task A_job_is_accepted_although_its_response_is_not_JSON(string fault)
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, fault));

        using var response = await test.PostAsync(TestEmulator.SmallestRequest);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("{", body, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(body));
        Assert.Equal(1, test.Emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task WrongJson_is_valid_JSON_without_the_documented_fields()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "WrongJson"));
        var bodies = new string[100];
        for (var i = 0; i < bodies.Length; i++)
        {
            using var response = await test.PostAsync(TestEmulator.SmallestRequest);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            bodies[i] = (await TestEmulator.JsonOf(response) ?? "null").ToJsonString();
        }

        Assert.Equal(100, test.Emulator.Counts.JobsAccepted);
        Assert.Equal(
            ["\"ok\"", "42", "[1,\"a\",null]", "[]", "null", "true", "{\"jobId\":7,\"status\":7}", "{}"],
            bodies.Select(body => body.Replace("\"null\"", "null", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_property_of_a_wrong_object_has_another_type()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "WrongJson"));
        JsonNode? job = null;
        while (job is not JsonObject { Count: > 0 })
        {
            using var response = await test.GetAsync("/v2/jobs");
            job = await TestEmulator.JsonOf(response);
        }

        Assert.Equal("""{"jobs":"none","nextCursor":[],"hasMore":[]}""", job.ToJsonString());
    }

    [Fact]
    public async Task A_job_is_accepted_although_its_response_has_the_wrong_encoding()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "WrongEncoding"));

        using var response = await test.PostAsync(TestEmulator.SmallestRequest);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Equal("QUEUED", TestEmulator.Text(await TestEmulator.JsonOf(response), "status"));
        Assert.Equal((1, 1), (test.Emulator.Counts.JobsAccepted, test.Emulator.Counts.FaultsByName["WrongEncoding"]));
    }

    [Fact]
    public async Task A_rejection_has_no_wrong_encoding_and_does_not_count_as_a_fault()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "WrongEncoding"));

        using var response = await test.PostAsync("{}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Equal(0, test.Emulator.Counts.Faults);
    }

    [Fact]
    public async Task ForeignJob_returns_another_job_of_the_account()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "ForeignJob"));
        var first = await test.SubmitAsync();
        var second = await test.SubmitAsync();
        test.Clock.Advance(10);

        var forFirst = await test.JobAsync(first);
        var forSecond = await test.JobAsync(second);

        Assert.Equal((second, first), (TestEmulator.Text(forFirst, "id"), TestEmulator.Text(forSecond, "id")));
        Assert.Equal($"{test.Emulator.BaseUri}files/{second}-1.jpg", (string?)forFirst["result"]!["images"]![0]);
        Assert.Equal((2, 2), (test.Emulator.Counts.Faults, test.Emulator.Counts.FaultsByName["ForeignJob"]));
    }

    [Fact]
    public async Task ForeignJob_returns_an_invented_job_if_there_is_only_one()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "ForeignJob"));
        var id = await test.SubmitAsync();

        var job = await test.JobAsync(id);

        var other = TestEmulator.Text(job, "id");
        Assert.True(Guid.TryParseExact(other, "D", out _));
        Assert.NotEqual(id, other);
        await TestEmulator.AssertErrorAsync(await test.GetAsync("/v2/jobs/" + other), HttpStatusCode.NotFound, "Job not found");
        Assert.Equal(1, test.Emulator.Counts.Faults);
    }

    [Fact]
    public async Task ForeignJob_affects_only_requests_for_an_existing_job()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "ForeignJob"));
        await test.SubmitAsync();

        using var unknown = await test.GetAsync("/v2/jobs/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90");
        using var unreadable = await test.GetAsync("/v2/jobs/x");
        Assert.Single(TestEmulator.Ids(await test.GetJsonAsync("/v2/jobs")));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (unknown.StatusCode, unreadable.StatusCode));
        Assert.Equal(0, test.Emulator.Counts.Faults);
    }

    [Fact]
    public async Task A_fault_repeats_the_key_in_every_encoding()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "KeyEchoed"));

        using var response = await test.PostAsync(TestEmulator.SmallestRequest);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("req_" + TestEmulator.ApiKey, Assert.Single(response.Headers.GetValues("x-request-id")));
        var key = Encoding.UTF8.GetBytes(TestEmulator.ApiKey);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(string.Concat(key.Select(value => $"\\u{value:x4}")), body, StringComparison.Ordinal);
        var error = TestEmulator.Text(await TestEmulator.JsonOf(response), "error");
        Assert.All(
            [
                TestEmulator.ApiKey, Convert.ToBase64String(key), TestEmulator.ApiKey.ToUpperInvariant(),
                Convert.ToHexStringLower(key), string.Concat(key.Select(value => $"%{value:X2}")),
            ],
            spelling => Assert.Contains(spelling, error, StringComparison.Ordinal));
        Assert.Equal(0, test.Emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task A_port_that_refuses_connections_listens_again_after_the_fault()
    {
        var pause = new FakePause();
        using var test = new TestEmulator(TestEmulator.Faulty(5, "ConnectionRefused"), pause);
        using var open = new RawConnection(test.Emulator.BaseUri);
        using var connection = new RawConnection(test.Emulator.BaseUri);

        await connection.SendAsync(Post);

        Assert.True(await connection.IsClosedAsync());
        Assert.Equal(0, test.Emulator.Counts.JobsAccepted);
        Assert.Equal(TimeSpan.FromSeconds(5), await pause.BegunAsync());
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => new RawConnection(test.Emulator.BaseUri)).SocketErrorCode);

        await open.SendAsync("GET /files/x HTTP/1.1\r\nHost: x\r\n\r\n");
        var answer = await open.ReceiveAsync();
        Assert.Equal(("HTTP/1.1 404 Not Found", "close"), (answer.StatusLine, answer.Headers["Connection"]));
        Assert.True(await open.IsClosedAsync());

        pause.End();
        using var after = await ConnectAgainAsync(test.Emulator.BaseUri);
        await after.SendAsync("GET /files/x HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.False((await after.ReceiveAsync()).Headers.ContainsKey("Connection"));
        Assert.Equal(2, test.Emulator.Counts.Downloads);
    }

    [Fact]
    public async Task An_emulator_that_is_stopped_while_it_refuses_connections_does_not_listen_again()
    {
        var pause = new FakePause();
        using var test = new TestEmulator(TestEmulator.Faulty(5, "ConnectionRefused"), pause);
        await Assert.ThrowsAsync<HttpRequestException>(() => test.GetAsync("/v2/me"));
        await pause.BegunAsync();

        test.Emulator.Stop();

        pause.End();
        Assert.False(test.Emulator.IsRunning);
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => new RawConnection(test.Emulator.BaseUri)).SocketErrorCode);
    }

    [Fact]
    public async Task Image_files_have_no_faults_of_requests()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "AnswerLost"));

        using var response = await test.GetAsync("/files/none");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(0, test.Emulator.Counts.Faults);
    }

    [Fact]
    public async Task A_fault_counts_by_its_name()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "error503EMPTY"));
        (await test.GetAsync("/v2/me")).Dispose();
        (await test.GetAsync("/v2/models")).Dispose();

        var counts = test.Emulator.Counts;

        Assert.Equal(2, counts.Faults);
        Assert.Equal(("Error503Empty", 2L), Assert.Single(counts.FaultsByName.Select(pair => (pair.Key, pair.Value))));
        Assert.EndsWith(", 2 faults", counts.ToString(), StringComparison.Ordinal);
    }

    private static async Task AssertEndedAsync(RawConnection connection)
    {
        try
        {
            Assert.True(await connection.IsClosedAsync());
        }
        catch (IOException e)
        {
            Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
        }
    }

    private static async Task<RawConnection> ConnectAgainAsync(Uri server)
    {
        while (true)
        {
            try
            {
                return new RawConnection(server);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }
}
