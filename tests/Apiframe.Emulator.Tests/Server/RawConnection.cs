using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Server;

/// <summary>A connection on which the test writes and reads bytes directly.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly NetworkStream _stream;

    public RawConnection(Uri server)
    {
        _client.Connect(server.Host, server.Port);
        _client.ReceiveTimeout = 30_000;
        _stream = _client.GetStream();
    }

    public async Task SendAsync(string text) =>
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Reads one response: the status line, the headers, and a body of the length in the headers.</summary>
    public async Task<RawResponse> ReceiveAsync()
    {
        var status = await ReadLineAsync() ?? throw new EndOfStreamException("No answer.");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(line[..colon], line[(colon + 2)..]);
        }

        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await _stream.ReadExactlyAsync(body, TestContext.Current.CancellationToken);
        return new RawResponse(status, headers, Encoding.UTF8.GetString(body));
    }

    /// <summary>Reads a response whose body ends too early.</summary>
    /// <returns>The announced length, the number of body bytes that were received, and whether the connection was closed normally instead of reset.</returns>
    public async Task<(int Length, int Received, bool InGoodOrder)> ReceiveCutAsync()
    {
        var length = 0;
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Length: ", StringComparison.Ordinal))
            {
                length = int.Parse(line["Content-Length: ".Length..], CultureInfo.InvariantCulture);
            }
        }

        var body = new byte[length];
        var received = 0;
        try
        {
            while (await _stream.ReadAsync(body.AsMemory(received), TestContext.Current.CancellationToken) is var count and > 0)
            {
                received += count;
            }

            return (length, received, InGoodOrder: true);
        }
        catch (IOException)
        {
            return (length, received, InGoodOrder: false);
        }
    }

    /// <summary>Returns whether the server has closed the connection normally.</summary>
    public async Task<bool> IsClosedAsync() => await ReadLineAsync() is null;

    public void Dispose() => _client.Dispose();

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _stream.ReadAsync(one, TestContext.Current.CancellationToken) > 0)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return line.Length == 0 ? null : line.ToString();
    }
}
