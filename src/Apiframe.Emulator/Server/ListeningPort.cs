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
    private volatile Socket? _socket;
    private bool _isClosed;

    /// <param name="address">An address of this machine.</param>
    /// <param name="port">0 for a free one.</param>
    /// <exception cref="SocketException">The port is taken, or the machine does not have the address.</exception>
    public ListeningPort(IPAddress address, int port)
    {
        _socket = Bound(new IPEndPoint(address, port));
        _socket.Listen(Backlog);
        _endPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public int Port => _endPoint.Port;

    public Task<Socket> AcceptAsync() => _socket?.AcceptAsync() ?? throw new SocketException((int)SocketError.NotSocket);

    /// <summary>Connections are refused from now on until <see cref="TryListen"/>.</summary>
    /// <remarks>
    /// The port is held without listening on it: connections are refused all the same, and meanwhile the system gives the port to nobody
    /// else. Least of all to a client, which could then be connected to itself.
    /// </remarks>
    public void Refuse()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _socket?.Dispose();
                TryBind();
            }
        }
    }

    /// <summary>Takes connections again.</summary>
    /// <returns>False if that cannot be now: something else has the port.</returns>
    public bool TryListen()
    {
        lock (_gate)
        {
            return _isClosed || ((_socket is not null || TryBind()) && TryListenOnSocket());
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _socket?.Dispose();
        }
    }

    private static Socket Bound(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private bool TryBind()
    {
        try
        {
            _socket = Bound(_endPoint);
        }
        catch (SocketException)
        {
            _socket = null;
        }

        return _socket is not null;
    }

    private bool TryListenOnSocket()
    {
        try
        {
            _socket!.Listen(Backlog);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
