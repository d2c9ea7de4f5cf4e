using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Server;

/// <summary>Reads requests from a connection, one after the other.</summary>
internal sealed class HttpRequestReader(Stream stream)
{
    private const int MaxHeadBytes = 32 * 1024;
    private const int MaxBodyBytes = 64 * 1024 * 1024;

    private static readonly Encoding Latin1 = Encoding.GetEncoding(28591);
    private static readonly byte[] Continue = [.. "HTTP/1.1 100 Continue\r\n\r\n"u8];

    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <returns>The next request, or null if the client has closed the connection between two requests.</returns>
    /// <exception cref="HttpProtocolException">The received bytes are not a request.</exception>
    /// <exception cref="IOException">The connection failed.</exception>
    public async Task<HttpRequest?> ReadAsync()
    {
        if (await ReadHeadAsync().ConfigureAwait(false) is not { } head)
        {
            return null;
        }

        var request = new HttpRequest(head);
        if (request.ContentLength > MaxBodyBytes)
        {
            throw BodyTooLarge();
        }

        if (request.ExpectsContinue && (request.IsChunked || request.ContentLength > 0))
        {
            await stream.WriteAsync(Continue, 0, Continue.Length).ConfigureAwait(false);
        }

        var body = request.IsChunked ? ReadChunksAsync() : ReadBytesAsync((int)request.ContentLength);
        request.Body = await body.ConfigureAwait(false);
        return request;
    }

    private async Task<List<string>?> ReadHeadAsync()
    {
        var lines = new List<string>();
        var left = MaxHeadBytes;
        while (_start < _end || lines.Count > 0 || await FillAsync().ConfigureAwait(false))
        {
            var line = await ReadLineAsync(left).ConfigureAwait(false);
            left -= line.Length + 2;
            if (line.Length > 0)
            {
                lines.Add(line);
            }
            else if (lines.Count > 0)
            {
                return lines;
            }

            // Some clients send a line end after a body. It is ignored.
        }

        return null;
    }

    private async Task<string> ReadLineAsync(int maxBytes = MaxHeadBytes)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf("\r\n"u8);
            var length = found < 0 ? _end - _start : searched + found;
            if (length > maxBytes)
            {
                throw new HttpProtocolException(431, "The header section is larger than 32 KB.");
            }

            if (found >= 0)
            {
                var line = Latin1.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            searched = Math.Max(0, length - 1);
            if (!await FillAsync().ConfigureAwait(false))
            {
                throw Cut();
            }
        }
    }

    private async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        var done = Math.Min(count, _end - _start);
        Buffer.BlockCopy(_buffer, _start, bytes, 0, done);
        _start += done;
        while (done < count)
        {
            var read = await stream.ReadAsync(bytes, done, count - done).ConfigureAwait(false);
            done += read > 0 ? read : throw Cut();
        }

        return bytes;
    }

    private async Task<byte[]> ReadChunksAsync()
    {
        using var body = new MemoryStream();
        while (ParseChunkSize(await ReadLineAsync().ConfigureAwait(false)) is var size and > 0)
        {
            if (body.Length + size > MaxBodyBytes)
            {
                throw BodyTooLarge();
            }

            var chunk = await ReadBytesAsync((int)size).ConfigureAwait(false);
            body.Write(chunk, 0, chunk.Length);
            if ((await ReadLineAsync().ConfigureAwait(false)).Length > 0)
            {
                throw new HttpProtocolException(400, "A chunk is longer than its size line states.");
            }
        }

        while ((await ReadLineAsync().ConfigureAwait(false)).Length > 0)
        {
            // The trailer fields are not needed by this server.
        }

        return body.ToArray();
    }

    private static long ParseChunkSize(string line)
    {
        var digits = line.Split(';')[0].Trim();
        return digits.Length <= 8 && long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw new HttpProtocolException(400, "A chunk size cannot be read.");
    }

    private async Task<bool> FillAsync()
    {
        Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await stream.ReadAsync(_buffer, _end, _buffer.Length - _end).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }

    private static EndOfStreamException Cut() => new("The connection was closed in the middle of a request.");

    private static HttpProtocolException BodyTooLarge() => new(413, "The body is larger than 64 MB.");
}

/// <summary>The received bytes are not a request that this server can read. The connection must be closed.</summary>
internal sealed class HttpProtocolException(int status, string message) : Exception(message)
{
    public int Status => status;
}
