using System.IO;

namespace Apiframe.Emulator.Images;

/// <summary>Bits of a JPEG scan: first bit highest, and a zero byte after each 0xFF that is no marker.</summary>
internal sealed class JpegBitWriter
{
    private readonly Stream _stream;
    private uint _pending;
    private int _count;

    public JpegBitWriter(Stream stream) => _stream = stream;

    /// <summary>Writes the lowest <paramref name="count"/> bits, at most 16.</summary>
    public void Write(int bits, int count)
    {
        _pending = (_pending << count) | ((uint)bits & ((1u << count) - 1));
        _count += count;
        while (_count >= 8)
        {
            _count -= 8;
            var value = (byte)(_pending >> _count);
            _stream.WriteByte(value);
            if (value == 0xff)
            {
                _stream.WriteByte(0);
            }
        }
    }

    /// <summary>Fills the last byte with ones, as the standard asks.</summary>
    public void Finish() => Write(0x7f, (8 - _count) % 8);
}
