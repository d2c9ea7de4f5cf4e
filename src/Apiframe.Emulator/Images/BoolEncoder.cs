using System.Collections.Generic;

namespace Apiframe.Emulator.Images;

/// <summary>The arithmetic coder of VP8 (RFC 6386, section 7): the likelier a bit is said to be, the less room it takes.</summary>
internal sealed class BoolEncoder
{
    private readonly List<byte> _bytes = [];
    private uint _bottom;
    private uint _range = 255;
    private int _shiftsToByte = 24;

    /// <summary>Writes a bit.</summary>
    /// <param name="bit">The bit.</param>
    /// <param name="probability">How likely it is clear, in 256ths: 1 to 255.</param>
    public void Write(bool bit, int probability)
    {
        uint split = 1 + (((_range - 1) * (uint)probability) >> 8);
        if (bit)
        {
            _bottom += split;
            _range -= split;
        }
        else
        {
            _range = split;
        }

        while (_range < 128)
        {
            _range <<= 1;
            Shift();
        }
    }

    /// <summary>Writes the lowest <paramref name="count"/> bits of a number, highest first, each as likely set as clear.</summary>
    public void WriteLiteral(int value, int count)
    {
        for (int bit = count - 1; bit >= 0; bit--)
        {
            Write(((value >> bit) & 1) == 1, 128);
        }
    }

    public byte[] Finish()
    {
        for (int i = 0; i < 32; i++)
        {
            Shift();
        }

        return _bytes.ToArray();
    }

    /// <summary>The lowest 24 bits are still open; above them a byte gathers, and above that byte a carry into the bytes before it.</summary>
    private void Shift()
    {
        if ((_bottom & 0x8000_0000) != 0)
        {
            Carry();
        }

        _bottom <<= 1;
        if (--_shiftsToByte == 0)
        {
            _bytes.Add((byte)(_bottom >> 24));
            _bottom &= 0xFF_FFFF;
            _shiftsToByte = 8;
        }
    }

    private void Carry()
    {
        int last = _bytes.Count - 1;
        while (_bytes[last] == 255)
        {
            _bytes[last--] = 0;
        }

        _bytes[last]++;
    }
}
