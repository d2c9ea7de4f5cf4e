using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Server;

/// <summary>One address and port that takes connections, or refuses them for a while.</summary>
internal sealed class ListeningPort
{
    private const int Backlog = 1024;

    private readonly object _gate = new();
    private readonly IPEndPoint _endPoint;
    private volatile Socket _socket;
    private bool _isClosed;

    /// <param name="address">An address of this machine.</param>
    /// <param name="port">0 for a free one.</param>
    /// <exception cref="SocketException">The port is taken, or the machine does not have the address.</exception>
    public ListeningPort(IPAddress address, int port)
    {
        _socket = NewSocket(address);
        _socket.Bind(new IPEndPoint(address, port));
        _socket.Listen(Backlog);
        _endPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public int Port => _endPoint.Port;

    public Task<Socket> AcceptAsync() => _socket.AcceptAsync();

    /// <summary>Connections are refused from now on until <see cref="TryListen"/>.</summary>
    /// <remarks>
    /// The port is held without listening on it: connections are refused anyway, and meanwhile the system gives the port to nobody
    /// else. Least of all to a client, which could then be connected to itself.
    /// </remarks>
    public void Refuse()
    {
        lock (_gate)
        {
            _socket.Dispose();
            if (!_isClosed)
            {
                _socket = NewSocket(_endPoint.Address);
                Try(() => _socket.Bind(_endPoint));
            }
        }
    }

    /// <summary>Takes connections again.</summary>
    /// <returns>False if that cannot be now: something else has the port.</returns>
    public bool TryListen()
    {
        lock (_gate)
        {
            return _isClosed || ((_socket.IsBound || Try(() => _socket.Bind(_endPoint))) && Try(() => _socket.Listen(Backlog)));
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _socket.Dispose();
        }
    }

    private static Socket NewSocket(IPAddress address) => new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    private static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
