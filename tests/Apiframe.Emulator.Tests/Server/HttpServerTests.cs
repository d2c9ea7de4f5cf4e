using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Apiframe.Emulator.Server;
using Xunit;

namespace Apiframe.Emulator.Tests.Server;

public sealed class HttpServerTests : IDisposable
{
    private const string Key = "X-API-Key: " + TestEmulator.ApiKey + "\r\n";
    private const string GetMe = "GET /v2/me HTTP/1.1\r\nHost: x\r\n" + Key + "\r\n";
    private const string PostHead = "POST /v2/images/generate HTTP/1.1\r\nHost: x\r\n" + Key + "Content-Type: application/json\r\n";

    private readonly TestEmulator _test = new();
    private readonly RawConnection _connection;

    public HttpServerTests() => _connection = new RawConnection(_test.Emulator.BaseUri);

    public void Dispose()
    {
        _connection.Dispose();
        _test.Dispose();
    }

    [Fact]
    public async Task Serves_several_requests_on_one_connection()
    {
        await _connection.SendAsync(GetMe);
        var first = await _connection.ReceiveAsync();
        await _connection.SendAsync(GetMe);
        var second = await _connection.ReceiveAsync();

        Assert.Equal("HTTP/1.1 200 OK", first.StatusLine);
        Assert.Equal("HTTP/1.1 200 OK", second.StatusLine);
        Assert.False(first.Headers.ContainsKey("Connection"));
    }

    [Fact]
    public async Task Serves_pipelined_requests_in_their_order()
    {
        await _connection.SendAsync(GetMe + GetMe.Replace("/v2/me", "/v2/none", StringComparison.Ordinal) + GetMe);

        Assert.Equal("HTTP/1.1 200 OK", (await _connection.ReceiveAsync()).StatusLine);
        Assert.Equal("HTTP/1.1 404 Not Found", (await _connection.ReceiveAsync()).StatusLine);
        Assert.Equal("HTTP/1.1 200 OK", (await _connection.ReceiveAsync()).StatusLine);
    }

    [Theory]
    [InlineData("GET /v2/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /v2/models HTTP/1.0\r\n\r\n")]
    public async Task Closes_the_connection_when_the_client_asks_for_it(string request)
    {
        await _connection.SendAsync(request);

        var response = await _connection.ReceiveAsync();

        Assert.Equal("HTTP/1.1 200 OK", response.StatusLine);
        Assert.Equal("close", response.Headers["Connection"]);
        Assert.True(await _connection.IsClosedAsync());
    }

    [Fact]
    public async Task Reads_a_request_that_arrives_byte_by_byte()
    {
        var request = PostHead + $"Content-Length: {TestEmulator.SmallestRequest.Length}\r\n\r\n" + TestEmulator.SmallestRequest;
        foreach (var c in request)
        {
            await _connection.SendAsync(c.ToString());
        }

        Assert.Equal("HTTP/1.1 202 Accepted", (await _connection.ReceiveAsync()).StatusLine);
    }

    [Fact]
    public async Task Requests_a_body_that_the_client_holds_back()
    {
        await _connection.SendAsync(PostHead + $"Expect: 100-continue\r\nContent-Length: {TestEmulator.SmallestRequest.Length}\r\n\r\n");
        var interim = await _connection.ReceiveAsync();
        await _connection.SendAsync(TestEmulator.SmallestRequest);

        Assert.Equal("HTTP/1.1 100 Continue", interim.StatusLine);
        Assert.Equal("HTTP/1.1 202 Accepted", (await _connection.ReceiveAsync()).StatusLine);
    }

    [Fact]
    public async Task Reads_a_chunked_body_with_extensions_and_trailers_and_keeps_the_connection()
    {
        var pieces = TestEmulator.SmallestRequest.Chunk(10).Select(piece => $"{piece.Length:X};note=1\r\n{new string(piece)}\r\n");
        var chunks = string.Concat(pieces);
        await _connection.SendAsync(PostHead + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\nX-Trailer: 1\r\n\r\n" + GetMe);

        Assert.Equal("HTTP/1.1 202 Accepted", (await _connection.ReceiveAsync()).StatusLine);
        Assert.Equal("HTTP/1.1 200 OK", (await _connection.ReceiveAsync()).StatusLine);
    }

    [Fact]
    public async Task Accepts_the_absolute_URL_that_a_proxy_client_sends()
    {
        await _connection.SendAsync("GET http://api.example.net/v2/models?modality=video HTTP/1.1\r\nHost: api.example.net\r\n\r\n");

        Assert.Equal("""{"models":[]}""", (await _connection.ReceiveAsync()).Body);
    }

    [Fact]
    public async Task Ignores_a_line_end_after_a_body()
    {
        await _connection.SendAsync(PostHead + "Content-Length: 2\r\n\r\n{}\r\n" + GetMe);

        Assert.Equal("HTTP/1.1 400 Bad Request", (await _connection.ReceiveAsync()).StatusLine);
        Assert.Equal("HTTP/1.1 200 OK", (await _connection.ReceiveAsync()).StatusLine);
    }

    [Fact]
    public async Task An_exception_while_responding_is_a_500_and_the_connection_stays_open()
    {
        using var server = new HttpServer(IPAddress.Loopback);
        server.Start(_ => throw new InvalidOperationException("broken"));
        using var connection = new RawConnection(new Uri("http://127.0.0.1:" + server.Port.ToString(CultureInfo.InvariantCulture)));

        await connection.SendAsync(GetMe + GetMe);

        Assert.Equal("HTTP/1.1 500 Internal Server Error", (await connection.ReceiveAsync()).StatusLine);
        Assert.Equal("HTTP/1.1 500 Internal Server Error", (await connection.ReceiveAsync()).StatusLine);
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n", "400 Bad Request")]
    [InlineData("GET /v2/me\r\n\r\n", "400 Bad Request")]
    [InlineData("GET me HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n folded: 1\r\n\r\n", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4000001\r\n", "413 Content Too Large")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 67108865\r\n\r\n", "413 Content Too Large")]
    [InlineData("GET / HTTP/3.0\r\nHost: x\r\n\r\n", "505 HTTP Version Not Supported")]
    public async Task A_request_that_is_not_valid_gets_a_response_and_the_connection_is_closed(string request, string status)
    {
        await _connection.SendAsync(request);

        var response = await _connection.ReceiveAsync();

        Assert.Equal("HTTP/1.1 " + status, response.StatusLine);
        Assert.Equal("close", response.Headers["Connection"]);
        Assert.StartsWith("req_", response.Headers["x-request-id"], StringComparison.Ordinal);
        Assert.True(await _connection.IsClosedAsync());
    }

    [Fact]
    public async Task Accepts_headers_up_to_32_KB()
    {
        await _connection.SendAsync(GetMe[..^2] + "X-Long: " + new string('x', 31 * 1024) + "\r\n\r\n");

        Assert.Equal("HTTP/1.1 200 OK", (await _connection.ReceiveAsync()).StatusLine);
    }

    [Fact]
    public async Task Rejects_larger_headers_with_a_response_that_the_client_can_read()
    {
        await _connection.SendAsync(GetMe[..^2] + "X-Long: " + new string('x', 200 * 1024));

        Assert.Equal("HTTP/1.1 431 Request Header Fields Too Large", (await _connection.ReceiveAsync()).StatusLine);
        Assert.True(await _connection.IsClosedAsync());
    }

    [Fact]
    public async Task A_client_that_disconnects_does_not_affect_other_clients()
    {
        using (var broken = new RawConnection(_test.Emulator.BaseUri))
        {
            await broken.SendAsync(PostHead + "Content-Length: 1000\r\n\r\nhalf");
        }

        await _connection.SendAsync(GetMe);

        Assert.Equal("HTTP/1.1 200 OK", (await _connection.ReceiveAsync()).StatusLine);
        Assert.Equal(0, _test.Emulator.Counts.Submissions);
    }

    [Fact]
    public async Task Serves_hundreds_of_connections_at_once()
    {
        var connections = Enumerable.Range(0, 250).Select(_ => new RawConnection(_test.Emulator.BaseUri)).ToArray();

        await Task.WhenAll(connections.Select(connection => connection.SendAsync(GetMe)));
        var responses = await Task.WhenAll(connections.Select(connection => connection.ReceiveAsync()));

        Assert.All(responses, response => Assert.Equal("HTTP/1.1 200 OK", response.StatusLine));
        foreach (var connection in connections)
        {
            connection.Dispose();
        }
    }
}
