namespace Apiframe.Emulator.Images;

/// <summary>The checksum of zlib streams.</summary>
internal sealed class Adler32
{
    private const uint Modulus = 65521;

    private uint _a = 1;
    private uint _b;

    public uint Value => (_b << 16) | _a;

    public void Append(byte[] bytes, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _a = (_a + bytes[i]) % Modulus;
            _b = (_b + _a) % Modulus;
        }
    }

    /// <summary>Zeros leave the first sum as it is, so that any number of them is one step.</summary>
    public void AppendZeros(int count) => _b = (uint)((_b + (ulong)_a * (uint)count) % Modulus);
}
