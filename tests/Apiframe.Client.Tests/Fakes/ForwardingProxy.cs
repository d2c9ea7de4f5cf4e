using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>
/// A forwarding HTTP proxy on loopback that requires a user and a password. It serves one request for each connection, which is sufficient for a test.
/// The Pester tests compile this file too.
/// </summary>
public sealed class ForwardingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _credential;
    private readonly List<string> _forwarded = [];
    private int _refused;

    /// <summary>Starts listening.</summary>
    public ForwardingProxy(string user, string password)
    {
        _credential = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + password));
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The address that the proxy listens on.</summary>
    public Uri Address => new("http://127.0.0.1:" + ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>The request lines that the proxy has forwarded.</summary>
    public string[] Forwarded
    {
        get
        {
            lock (_forwarded)
            {
                return [.. _forwarded];
            }
        }
    }

    /// <summary>The number of times that the proxy has required a password.</summary>
    public int Refused => _refused;

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The proxy was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                string[] head = (await ReadHeadAsync(stream)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
                if (!head.Contains("Proxy-Authorization: " + _credential))
                {
                    System.Threading.Interlocked.Increment(ref _refused);
                    await WriteAsync(stream, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    return;
                }

                string[] line = head[0].Split(' ');
                var target = new Uri(line[1]);
                lock (_forwarded)
                {
                    _forwarded.Add(line[0] + " " + target.AbsolutePath);
                }

                using var server = new TcpClient(target.Host, target.Port);
                NetworkStream onward = server.GetStream();
                IEnumerable<string> fields = head.Skip(1).Where(field => !field.StartsWith("Proxy-", StringComparison.Ordinal) && !field.StartsWith("Connection", StringComparison.Ordinal));
                await WriteAsync(onward, $"{line[0]} {target.PathAndQuery} HTTP/1.1\r\n{string.Join("\r\n", fields)}\r\nConnection: close\r\n\r\n");
                _ = stream.CopyToAsync(onward).ContinueWith(_ => { }, TaskScheduler.Default);
                await onward.CopyToAsync(stream);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // One side has closed the connection. The client under test sees a broken connection.
            }
        }
    }

    private static Task WriteAsync(Stream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
