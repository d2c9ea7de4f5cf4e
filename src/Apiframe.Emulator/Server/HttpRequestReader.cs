using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Server;

/// <summary>Reads one request after the other from a connection.</summary>
internal sealed class HttpRequestReader(Stream stream)
{
    private const int MaxHeadBytes = 32 * 1024;
    private const int MaxBodyBytes = 64 * 1024 * 1024;

    private static readonly Encoding Latin1 = Encoding.GetEncoding(28591);
    private static readonly byte[] Continue = [.. "HTTP/1.1 100 Continue\r\n\r\n"u8];
    private static readonly byte[] LineEnd = [.. "\r\n"u8];
    private static readonly byte[] HeadEnd = [.. "\r\n\r\n"u8];

    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <returns>The next request, or null when the client has closed the connection between two requests.</returns>
    /// <exception cref="HttpProtocolException">What came is not a request.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<HttpRequest?> ReadAsync()
    {
        if (!await SkipEmptyLinesAsync().ConfigureAwait(false))
        {
            return null;
        }

        var request = new HttpRequest(await ReadUntilAsync(HeadEnd, 431, "The header section is larger than 32 KB.").ConfigureAwait(false));
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

    /// <summary>Some clients send a line end after a body; it belongs to nothing.</summary>
    private async Task<bool> SkipEmptyLinesAsync()
    {
        while (_start < _end || await FillAsync().ConfigureAwait(false))
        {
            if (_buffer[_start] is not ((byte)'\r' or (byte)'\n'))
            {
                return true;
            }

            _start++;
        }

        return false;
    }

    private async Task<string> ReadUntilAsync(byte[] mark, int statusWhenTooLong, string textWhenTooLong)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf(mark);
            var length = found < 0 ? _end - _start : searched + found;
            if (length > MaxHeadBytes)
            {
                throw new HttpProtocolException(statusWhenTooLong, textWhenTooLong);
            }

            if (found >= 0)
            {
                var text = Latin1.GetString(_buffer, _start, length);
                _start += length + mark.Length;
                return text;
            }

            searched = Math.Max(0, length - mark.Length + 1);
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
                throw new HttpProtocolException(400, "A chunk is longer than it says.");
            }
        }

        while ((await ReadLineAsync().ConfigureAwait(false)).Length > 0)
        {
            // Trailer fields say nothing this server needs.
        }

        return body.ToArray();
    }

    private Task<string> ReadLineAsync() => ReadUntilAsync(LineEnd, 400, "A line of the chunked body is too long.");

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

/// <summary>What came over a connection is not a request this server can read. The connection cannot go on.</summary>
internal sealed class HttpProtocolException(int status, string message) : Exception(message)
{
    public int Status => status;
}
