using System;

namespace Apiframe.Emulator.Images;

/// <summary>How likely the header of a VP8 frame replaces each of the 1056 probabilities of the coefficient tokens (RFC 6386, section 13.4).</summary>
internal static class Vp8CoefficientProbabilities
{
    public const int Types = 4;
    public const int Bands = 8;
    public const int Contexts = 3;
    public const int Nodes = 11;

    /// <summary>
    /// One line a type, one word for each band and context: what the leading probabilities lack to 255, in hexadecimal; the rest lack nothing.
    /// </summary>
    private const string Lacking = """
        - - - 4f09 200e03 060202 000b03 150101 02 000901 100201 010001 000701 040001 - 000201 040101 010001 0001020001 0500010001 01 - - -
        26 1e030e02000001 15050e0502000201 0001 200101 11020101 000701 0601 - 0002 0801 - 000201 03 - 000101 02 - 000102 05 01 - - -
        450405 15040b01 04040c02010001 000201 130201 0402020101 000101 010101 - 0001 0101 01 - 01 - - - - - - - - - -
        07 05010301 07010602 000202 090202 0301040101 000103 070102 02000101 000401 0a0401 020201 000402 030201 0001 0003 060001 000001 000002 05 - - 01 -
        """;

    /// <summary>In 256ths, that a probability is left as it is; by type, band, context and node, the last running fastest.</summary>
    public static byte[] NotReplaced()
    {
        var probabilities = new byte[Types * Bands * Contexts * Nodes];
        string[] words = Lacking.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < probabilities.Length; i++)
        {
            string word = words[i / Nodes];
            int at = i % Nodes * 2;
            probabilities[i] = (byte)(255 - (at + 2 <= word.Length ? Convert.ToByte(word.Substring(at, 2), 16) : 0));
        }

        return probabilities;
    }
}
