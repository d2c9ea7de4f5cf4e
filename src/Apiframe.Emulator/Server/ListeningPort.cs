using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Server;

/// <summary>One address and port that accepts connections, or temporarily refuses them.</summary>
internal sealed class ListeningPort
{
    private const int Backlog = 1024;

    private readonly object _gate = new();
    private readonly IPEndPoint _endPoint;
    private volatile Socket _socket;
    private bool _isClosed;

    /// <param name="address">An address of this computer.</param>
    /// <param name="port">The port, or 0 for a free port.</param>
    /// <exception cref="SocketException">The port is in use, or the computer does not have the address.</exception>
    public ListeningPort(IPAddress address, int port)
    {
        _socket = NewSocket(address);
        _socket.Bind(new IPEndPoint(address, port));
        _socket.Listen(Backlog);
        _endPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public int Port => _endPoint.Port;

    public Task<Socket> AcceptAsync() => _socket.AcceptAsync();

    /// <summary>Refuses connections until <see cref="TryListen"/> is called.</summary>
    /// <remarks>
    /// The port stays bound without listening. Connections are therefore refused, and the system does not assign the port to another socket. It could otherwise
    /// assign it to a client, which would then be connected to itself.
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

    /// <summary>Accepts connections again.</summary>
    /// <returns>False if this is not possible at the moment because another socket uses the port.</returns>
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
