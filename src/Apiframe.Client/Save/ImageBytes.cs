using System;
using System.Buffers;
using System.IO;

namespace Apiframe.Client.Save;

/// <summary>
/// Reads a file of any size forward, with one buffer. Every method throws <see cref="EndOfStreamException"/> at the end of the file.
/// </summary>
internal sealed class ImageBytes : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly Stream _file;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _position;
    private int _end;

    /// <param name="file">The file, which is read from its current position and is not closed.</param>
    public ImageBytes(Stream file) => _file = file;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>Returns some of the next bytes, at least one and at most <paramref name="count"/>. They are valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(long count)
    {
        if (_position == _end)
        {
            _position = 0;
            _end = _file.Read(_buffer, 0, BufferSize);
        }

        int taken = (int)Math.Min(count, _end - _position);
        _position += taken;
        return taken > 0 ? _buffer.AsSpan(_position - taken, taken) : throw new EndOfStreamException();
    }

    public byte Byte() => Take(1)[0];

    public int BigEndian16() => (Byte() << 8) | Byte();

    public uint BigEndian32() => ((uint)BigEndian16() << 16) | (uint)BigEndian16();

    public uint LittleEndian32() => Byte() | ((uint)Byte() << 8) | ((uint)Byte() << 16) | ((uint)Byte() << 24);

    public void Skip(long count)
    {
        while (count > 0)
        {
            count -= Take(count).Length;
        }
    }

    /// <summary>Moves to the position after the next byte with this value.</summary>
    public void SkipPast(byte value)
    {
        int found;
        do
        {
            ReadOnlySpan<byte> bytes = Take(BufferSize);
            found = bytes.IndexOf(value);
            _position -= found < 0 ? 0 : bytes.Length - found - 1;
        }
        while (found < 0);
    }
}
