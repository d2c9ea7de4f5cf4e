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
/// A small HTTP/1.1 server on a socket of its own. HttpListener can neither choose a free port nor do without rights on
/// Windows, and hides the bytes of the connection.
/// </summary>
internal sealed class HttpServer : IDisposable
{
    private static readonly TimeSpan RetryTime = TimeSpan.FromMilliseconds(10);

    private readonly List<ListeningPort> _ports = [];
    private readonly ConcurrentDictionary<HttpConnection, bool> _connections = new();

    // Never disposed: what is under way when the server stops looks at its token.
    private readonly CancellationTokenSource _stop = new();

    private readonly Func<TimeSpan, CancellationToken, Task> _pause;
    private readonly string _requestIdPrefix = "req_" + Guid.NewGuid().ToString("N").Substring(0, 8);
    private long _lastRequest;
    private int _refusing;

    /// <summary>Takes a port. Connections wait until <see cref="Start"/>.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="second">Another address on which it takes the same port, if the machine has it and the port is free there.</param>
    /// <param name="pause">Waits for a time; <see cref="Task.Delay(TimeSpan, CancellationToken)"/> unless given.</param>
    /// <exception cref="SocketException">The port is taken, or none is free.</exception>
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
            // One address is enough to be reached.
        }
    }

    public int Port => _ports[0].Port;

    public bool IsRunning => !_stop.IsCancellationRequested;

    /// <summary>False while new connections are refused: then those that are open end with their next response.</summary>
    public bool KeepsConnections => Volatile.Read(ref _refusing) == 0;

    public void Start(Func<HttpRequest, Task<HttpResponse>> handler) => _ports.ForEach(port => _ = AcceptAsync(port, handler));

    /// <summary>Closes the port at once and opens it again after <paramref name="time"/>. While it is closed, this does nothing.</summary>
    public void RefuseConnections(TimeSpan time)
    {
        if (Interlocked.Exchange(ref _refusing, 1) == 0)
        {
            _ports.ForEach(port => port.Refuse());
            _ = OpenAgainAsync(time);
        }
    }

    /// <summary>Waits for a time, or until the server is stopped.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Task PauseAsync(TimeSpan time) => _pause(time, _stop.Token);

    public string NewRequestId() =>
        _requestIdPrefix + Interlocked.Increment(ref _lastRequest).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Closes the listener and every connection, whatever they are doing. May be called again.</summary>
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
                // The port is closed for now or for good, or a client gave up before it was accepted, or sockets ran out for now.
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
            // Stopped while closed.
        }
    }

    private async Task ServeAsync(HttpConnection connection)
    {
        _connections.TryAdd(connection, true);
        if (!IsRunning)
        {
            // Dispose may have looked at the connections just before this one was among them.
            connection.Close();
        }

        // The first read must not keep the accept loop waiting.
        await Task.Yield();
        await connection.RunAsync().ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
    }
}
