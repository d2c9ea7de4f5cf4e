using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Http;

/// <summary>Writes answers that have a <see cref="Delivery"/>.</summary>
internal sealed class DeliveryWriter
{
    private const int MaxPieces = 50;
    private const int MaxPieceBytes = 16;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly Func<TimeSpan, Task> _pause;

    public DeliveryWriter(Socket socket, Stream stream, Func<TimeSpan, Task> pause)
    {
        _socket = socket;
        _stream = stream;
        _pause = pause;
    }

    public async Task WriteAsync(byte[] head, ArraySegment<byte> body, Delivery delivery)
    {
        if (delivery.Resets)
        {
            // Takes effect when the connection closes the socket.
            _socket.LingerState = new LingerOption(true, 0);
        }

        if (delivery.IsNothing)
        {
            return;
        }

        if (delivery.Delay > TimeSpan.Zero)
        {
            await _pause(delivery.Delay).ConfigureAwait(false);
        }

        await _stream.WriteAsync(head, 0, head.Length).ConfigureAwait(false);
        var bytes = Math.Min(body.Count, delivery.CutAfter ?? body.Count);
        var done = delivery.Trickle > TimeSpan.Zero ? await TrickleAsync(body, delivery.Trickle).ConfigureAwait(false) : 0;
        await _stream.WriteAsync(body.Array!, body.Offset + done, bytes - done).ConfigureAwait(false);
    }

    /// <returns>How many bytes are out.</returns>
    private async Task<int> TrickleAsync(ArraySegment<byte> body, TimeSpan time)
    {
        var pieces = (int)Math.Max(1, Math.Min(MaxPieces, time.Ticks / ShortestPause.Ticks));
        var done = 0;
        for (var i = 0; i < pieces; i++)
        {
            var bytes = Math.Min(MaxPieceBytes, body.Count - done);
            await _stream.WriteAsync(body.Array!, body.Offset + done, bytes).ConfigureAwait(false);
            done += bytes;
            await _pause(TimeSpan.FromTicks(time.Ticks / pieces)).ConfigureAwait(false);
        }

        return done;
    }
}
