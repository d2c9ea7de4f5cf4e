using System;
using System.Buffers;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Transport;

/// <summary>
/// The body of a response, read so that every read ends with its token. The streams of .NET Framework do not look at the token while they read, and to close one
/// of them need not end its read, so a read that does not end is left behind, with its buffer. Owns the response.
/// </summary>
internal sealed class ResponseBody : IDisposable
{
    private readonly HttpResponseMessage _response;
    private Task<int> _read = Task.FromResult(0);
    private Stream? _stream;

    /// <param name="response">Its headers have arrived.</param>
    /// <param name="bufferSize">How many bytes at least <see cref="Buffer"/> can take.</param>
    public ResponseBody(HttpResponseMessage response, int bufferSize)
    {
        _response = response;
        Buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
    }

    /// <summary>What was read. Not to be used after <see cref="Dispose"/>.</summary>
    public byte[] Buffer { get; }

    /// <summary>Reads into the rest of <see cref="Buffer"/>.</summary>
    /// <param name="offset">Where the rest begins.</param>
    /// <param name="cancellationToken">Ends the read at once, whatever the stream does. Nothing can be read after that.</param>
    /// <returns>How many bytes; 0 at the end of the body.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<int> ReadAsync(int offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _stream ??= await _response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        _read = _stream.ReadAsync(Buffer, offset, Buffer.Length - offset, cancellationToken);
        if (!_read.IsCompleted)
        {
            var canceled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration stop = cancellationToken.Register(() => canceled.TrySetResult(true));
            if (await Task.WhenAny(_read, canceled.Task).ConfigureAwait(false) == canceled.Task)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }

        return await _read.ConfigureAwait(false);
    }

    /// <summary>The rest of the body; null if it is longer than a limit.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<byte[]?> ReadToEndAsync(int maximumBytes, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        int count;
        while ((count = await ReadAsync(0, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (bytes.Length + count > maximumBytes)
            {
                return null;
            }

            bytes.Write(Buffer, 0, count);
        }

        return bytes.ToArray();
    }

    public void Dispose()
    {
        if (_read.IsCompleted)
        {
            _response.Dispose();
            ArrayPool<byte>.Shared.Return(Buffer);
            return;
        }

        // Not returned to the pool: the read may still write to the buffer. Not closed on this thread: that could wait for the read.
        _ = _read.ContinueWith(read => read.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _ = Task.Run(_response.Dispose);
    }
}
