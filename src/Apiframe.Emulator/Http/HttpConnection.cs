using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Http;

/// <summary>One connection: reads requests and writes their answers in turn until either side closes.</summary>
internal sealed class HttpConnection
{
    // Up to this size head and body go out in one write, so that a small answer is one packet.
    private const int SingleWriteBytes = 32 * 1024;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly HttpServer _server;
    private readonly Func<HttpRequest, Task<HttpResponse>> _handler;

    public HttpConnection(Socket socket, HttpServer server, Func<HttpRequest, Task<HttpResponse>> handler)
    {
        _socket = socket;
        _server = server;
        _handler = handler;
    }

    /// <summary>Serves the connection to its end. Never throws: what goes wrong here concerns this connection alone.</summary>
    public async Task RunAsync()
    {
        try
        {
            _socket.NoDelay = true;
            using var stream = new NetworkStream(_socket, ownsSocket: false);
            await ServeAsync(stream).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or the server was stopped.
        }
        finally
        {
            Close();
        }
    }

    public void Close() => _socket.Dispose();

    private async Task ServeAsync(NetworkStream stream)
    {
        var reader = new HttpRequestReader(stream);
        try
        {
            while (await reader.ReadAsync().ConfigureAwait(false) is { } request)
            {
                var response = await AnswerAsync(request).ConfigureAwait(false);
                var keepAlive = request.KeepAlive && _server.KeepsConnections;
                await WriteAsync(stream, response, keepAlive).ConfigureAwait(false);
                if (!keepAlive || response.Delivery?.EndsConnection == true)
                {
                    break;
                }
            }
        }
        catch (HttpProtocolException e)
        {
            await WriteAsync(stream, HttpResponse.Text(e.Status, e.Message), keepAlive: false).ConfigureAwait(false);
            await DrainAsync(stream).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponse> AnswerAsync(HttpRequest request)
    {
        try
        {
            return await _handler(request).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return HttpResponse.Text(500, "The emulator failed to answer: " + e.Message);
        }
    }

    private async Task WriteAsync(NetworkStream stream, HttpResponse response, bool keepAlive)
    {
        var head = response.Head(_server.NewRequestId(), keepAlive);
        var body = response.Body;
        if (response.Delivery is { } delivery)
        {
            await new DeliveryWriter(_socket, stream, _server.PauseAsync).WriteAsync(head, body, delivery).ConfigureAwait(false);
            return;
        }

        if (head.Length + body.Count <= SingleWriteBytes)
        {
            var whole = new byte[head.Length + body.Count];
            Buffer.BlockCopy(head, 0, whole, 0, head.Length);
            Buffer.BlockCopy(body.Array!, body.Offset, whole, head.Length, body.Count);
            await stream.WriteAsync(whole, 0, whole.Length).ConfigureAwait(false);
            return;
        }

        await stream.WriteAsync(head, 0, head.Length).ConfigureAwait(false);
        await stream.WriteAsync(body.Array!, body.Offset, body.Count).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes in what the client is still sending before the socket is closed: closing with unread data resets the
    /// connection, and the client would lose the answer that says what was wrong.
    /// </summary>
    private async Task DrainAsync(NetworkStream stream)
    {
        _socket.Shutdown(SocketShutdown.Send);
        var reading = DiscardAsync(stream);
        await Task.WhenAny(reading, Task.Delay(DrainTime)).ConfigureAwait(false);
    }

    private static async Task DiscardAsync(NetworkStream stream)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, 0, buffer.Length).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody waits for the rest any more.
        }
    }
}
