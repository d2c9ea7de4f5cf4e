namespace Apiframe.Emulator.Images;

/// <summary>The checksum of PNG chunks.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public static uint Of(params byte[][] parts)
    {
        var crc = uint.MaxValue;
        foreach (var part in parts)
        {
            foreach (var value in part)
            {
                crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
            }
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        const uint Polynomial = 0xedb88320;
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
            }

            table[i] = value;
        }

        return table;
    }
}
