using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Server;

/// <summary>One connection. Reads requests and writes their responses until either side closes it.</summary>
internal sealed class HttpConnection(Socket socket, HttpServer server, Func<HttpRequest, Task<HttpResponse>> handler)
{
    // Up to this size, the head and the body are sent in one write, so that a small response is one packet.
    private const int SingleWriteBytes = 32 * 1024;

    private const int Trickles = 25;
    private const int MostTrickledAtOnce = 16;

    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    /// <summary>Serves the connection until it ends. Never throws, because an error here concerns only this connection.</summary>
    public async Task RunAsync()
    {
        try
        {
            socket.NoDelay = true;
            using var stream = new NetworkStream(socket, ownsSocket: false);
            await ServeAsync(stream).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has disconnected, or the server was stopped.
        }
        finally
        {
            Close();
        }
    }

    public void Close() => socket.Dispose();

    private async Task ServeAsync(NetworkStream stream)
    {
        var reader = new HttpRequestReader(stream);
        try
        {
            while (await reader.ReadAsync().ConfigureAwait(false) is { } request)
            {
                var response = await AnswerAsync(request).ConfigureAwait(false);
                var keepAlive = request.KeepAlive && server.KeepsConnections;
                await WriteAsync(stream, response, keepAlive).ConfigureAwait(false);
                if (!keepAlive || response.Disturbance?.EndsConnection == true)
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
            return await handler(request).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return HttpResponse.Text(500, "The emulator failed to respond: " + e.Message);
        }
    }

    private async Task WriteAsync(NetworkStream stream, HttpResponse response, bool keepAlive)
    {
        var head = response.Head(server.NewRequestId(), keepAlive);
        var body = response.Body;
        if (response.Disturbance is { } disturbance)
        {
            await WriteDisturbedAsync(stream, head, body, disturbance).ConfigureAwait(false);
        }
        else if (head.Length + body.Count <= SingleWriteBytes)
        {
            byte[] whole = [.. head, .. body.AsSpan()];
            await stream.WriteAsync(whole, 0, whole.Length).ConfigureAwait(false);
        }
        else
        {
            await stream.WriteAsync(head, 0, head.Length).ConfigureAwait(false);
            await stream.WriteAsync(body.Array!, body.Offset, body.Count).ConfigureAwait(false);
        }
    }

    private async Task WriteDisturbedAsync(NetworkStream stream, byte[] head, ArraySegment<byte> body, Disturbance disturbance)
    {
        if (disturbance.Resets)
        {
            // This takes effect when the socket is closed.
            socket.LingerState = new LingerOption(true, 0);
        }

        if (disturbance.IsNothing)
        {
            return;
        }

        if (disturbance.Delay > TimeSpan.Zero)
        {
            await server.PauseAsync(disturbance.Delay).ConfigureAwait(false);
        }

        await stream.WriteAsync(head, 0, head.Length).ConfigureAwait(false);
        var done = disturbance.Trickle > TimeSpan.Zero ? await TrickleAsync(stream, body, disturbance.Trickle).ConfigureAwait(false) : 0;
        var bytes = disturbance.CutAfter ?? body.Count;
        await stream.WriteAsync(body.Array!, body.Offset + done, bytes - done).ConfigureAwait(false);
    }

    /// <returns>The number of bytes that were sent.</returns>
    private async Task<int> TrickleAsync(NetworkStream stream, ArraySegment<byte> body, TimeSpan time)
    {
        var done = 0;
        for (var i = 0; i < Trickles; i++)
        {
            var bytes = Math.Min(MostTrickledAtOnce, body.Count - done);
            await stream.WriteAsync(body.Array!, body.Offset + done, bytes).ConfigureAwait(false);
            done += bytes;
            await server.PauseAsync(TimeSpan.FromTicks(time.Ticks / Trickles)).ConfigureAwait(false);
        }

        return done;
    }

    /// <summary>
    /// Reads what the client is still sending before the socket is closed. Closing a socket with unread data resets the connection, and the client would lose
    /// the response that contains the error.
    /// </summary>
    private async Task DrainAsync(NetworkStream stream)
    {
        socket.Shutdown(SocketShutdown.Send);
        await Task.WhenAny(DiscardAsync(stream), Task.Delay(DrainTime)).ConfigureAwait(false);
    }

    private static async Task DiscardAsync(NetworkStream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The rest is not needed after the connection has ended.
        }
    }
}
