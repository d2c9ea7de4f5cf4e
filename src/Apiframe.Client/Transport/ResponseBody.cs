using System;
using System.Buffers;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Transport;

/// <summary>
/// The body of a response, whose reads all end with their token. The streams of .NET Framework ignore the token during a read, and closing them does not always
/// end the read, so a read that does not end is abandoned together with its buffer. Owns the response.
/// </summary>
internal sealed class ResponseBody : IDisposable
{
    private readonly HttpResponseMessage _response;
    private Task<int> _read = Task.FromResult(0);
    private Stream? _stream;

    /// <param name="response">A response whose headers have been received.</param>
    /// <param name="bufferSize">The minimum size of <see cref="Buffer"/> in bytes.</param>
    public ResponseBody(HttpResponseMessage response, int bufferSize)
    {
        _response = response;
        Buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
    }

    /// <summary>The bytes that were read. Must not be used after <see cref="Dispose"/>.</summary>
    public byte[] Buffer { get; }

    /// <summary>Reads into the rest of <see cref="Buffer"/>.</summary>
    /// <param name="offset">The start of the rest.</param>
    /// <param name="cancellationToken">Ends the read at once for every stream. No further reads are possible.</param>
    /// <returns>The number of bytes, or 0 at the end of the body.</returns>
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

    /// <summary>Returns the rest of the body, or null if it is longer than the limit.</summary>
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

        // The buffer is not returned to the pool, because the read may still write to it. The response is disposed of on another thread, because this can wait
        // for the read.
        _ = _read.ContinueWith(read => read.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _ = Task.Run(_response.Dispose);
    }
}
