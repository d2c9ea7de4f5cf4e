using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Server;

/// <summary>
/// A small HTTP/1.1 server with its own socket. HttpListener cannot choose a free port, needs permissions on Windows, and does not give access to the bytes of
/// the connection.
/// </summary>
internal sealed class HttpServer : IDisposable
{
    private static readonly TimeSpan RetryTime = TimeSpan.FromMilliseconds(10);

    private readonly List<ListeningPort> _ports = [];
    private readonly ConcurrentDictionary<HttpConnection, bool> _connections = new();

    // This is never disposed, because running work still reads its token after the server stops.
    private readonly CancellationTokenSource _stop = new();

    private readonly Func<TimeSpan, CancellationToken, Task> _pause;
    private readonly string _requestIdPrefix = "req_" + Guid.NewGuid().ToString("N").Substring(0, 8);
    private long _lastRequest;
    private int _refusing;

    /// <summary>Reserves a port. Connections wait until <see cref="Start"/> is called.</summary>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">The port, or 0 for a free port.</param>
    /// <param name="second">A second address to listen on with the same port, if the computer has the address and the port is free there.</param>
    /// <param name="pause">Waits for a time. The default is <see cref="Task.Delay(TimeSpan, CancellationToken)"/>.</param>
    /// <exception cref="SocketException">The port is in use, or no port is free.</exception>
    public HttpServer(IPAddress address, int port = 0, IPAddress? second = null, Func<TimeSpan, CancellationToken, Task>? pause = null)
    {
        _pause = pause ?? Task.Delay;
        _ports.Add(new ListeningPort(address, port));
        try
        {
            _ports.AddRange(second is null ? [] : [new ListeningPort(second, Port)]);
        }
        catch (SocketException)
        {
            // The second address is optional, because the server can be reached through the first one.
        }
    }

    public int Port => _ports[0].Port;

    public bool IsRunning => !_stop.IsCancellationRequested;

    /// <summary>False while new connections are refused. Open connections then end after their next response.</summary>
    public bool KeepsConnections => Volatile.Read(ref _refusing) == 0;

    public void Start(Func<HttpRequest, Task<HttpResponse>> handler) => _ports.ForEach(port => _ = AcceptAsync(port, handler));

    /// <summary>Closes the port and opens it again after <paramref name="time"/>. Has no effect while the port is closed.</summary>
    public void RefuseConnections(TimeSpan time)
    {
        if (Interlocked.Exchange(ref _refusing, 1) == 0)
        {
            _ports.ForEach(port => port.Refuse());
            _ = OpenAgainAsync(time);
        }
    }

    /// <summary>Waits for a time, or until the server stops.</summary>
    /// <exception cref="OperationCanceledException">The server was stopped.</exception>
    public Task PauseAsync(TimeSpan time) => _pause(time, _stop.Token);

    public string NewRequestId() =>
        _requestIdPrefix + Interlocked.Increment(ref _lastRequest).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Closes the listener and all connections at once. Can be called more than once.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _ports.ForEach(port => port.Close());
        foreach (var connection in _connections.Keys)
        {
            connection.Close();
        }
    }

    private async Task AcceptAsync(ListeningPort port, Func<HttpRequest, Task<HttpResponse>> handler)
    {
        while (IsRunning)
        {
            try
            {
                var socket = await port.AcceptAsync().ConfigureAwait(false);
                _ = ServeAsync(new HttpConnection(socket, this, handler));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The port is closed, a client disconnected before it was accepted, or no sockets are available at the moment.
                await Task.Delay(IsRunning ? RetryTime : TimeSpan.Zero).ConfigureAwait(false);
            }
        }
    }

    private async Task OpenAgainAsync(TimeSpan time)
    {
        try
        {
            await PauseAsync(time).ConfigureAwait(false);
            while (!_ports.TrueForAll(port => port.TryListen()))
            {
                await Task.Delay(RetryTime, _stop.Token).ConfigureAwait(false);
            }

            Volatile.Write(ref _refusing, 0);
        }
        catch (OperationCanceledException)
        {
            // The server was stopped while the port was closed.
        }
    }

    private async Task ServeAsync(HttpConnection connection)
    {
        _connections.TryAdd(connection, true);
        if (!IsRunning)
        {
            // Dispose may have closed all connections just before this connection was added.
            connection.Close();
        }

        // The first read must not block the loop that accepts connections.
        await Task.Yield();
        await connection.RunAsync().ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
    }
}
