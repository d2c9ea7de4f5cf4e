using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Http;

/// <summary>
/// A small HTTP/1.1 server on a socket of its own. HttpListener can neither choose a free port nor do without rights on
/// Windows, and hides the bytes of the connection.
/// </summary>
internal sealed class HttpServer
{
    private const int Backlog = 1024;

    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<HttpConnection, bool> _connections = new();
    private readonly string _requestIdPrefix = "req_" + Guid.NewGuid().ToString("N").Substring(0, 8);
    private long _lastRequest;
    private volatile bool _stopped;

    /// <summary>Takes a free port. Connections wait until <see cref="Start"/>.</summary>
    public HttpServer(IPAddress address)
    {
        _listener = new TcpListener(address, 0);
        _listener.Start(Backlog);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public bool IsRunning => !_stopped;

    public void Start(Func<HttpRequest, Task<HttpResponse>> handler) => _ = AcceptAsync(handler);

    /// <summary>Closes the listener and every connection, whatever they are doing.</summary>
    public void Stop()
    {
        _stopped = true;
        _listener.Stop();
        foreach (var connection in _connections.Keys)
        {
            connection.Close();
        }
    }

    private async Task AcceptAsync(Func<HttpRequest, Task<HttpResponse>> handler)
    {
        while (!_stopped)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync().ConfigureAwait(false);
                _ = ServeAsync(new HttpConnection(socket, handler, NewRequestId));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Either the listener was stopped, or a client gave up before it was accepted, or sockets ran out for now.
                await Task.Delay(_stopped ? 0 : 10).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(HttpConnection connection)
    {
        _connections.TryAdd(connection, true);
        if (_stopped)
        {
            // Stop may have looked at the connections just before this one was among them.
            connection.Close();
        }

        // The first read must not keep the accept loop waiting.
        await Task.Yield();
        try
        {
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    private string NewRequestId() =>
        _requestIdPrefix + Interlocked.Increment(ref _lastRequest).ToString("x8", CultureInfo.InvariantCulture);
}
