using System;
using System.Collections.Generic;
using System.Text;

namespace Apiframe.Client.Journal;

/// <summary>
/// A text, or null, that is stored in UTF-8, as a journal contains it. Most texts then need about half of the memory of a string, and a large journal has a
/// million texts.
/// </summary>
internal readonly struct Utf8Text : IEquatable<Utf8Text>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[]? _bytes;

    private Utf8Text(byte[]? bytes) => _bytes = bytes;

    /// <summary>Compares texts regardless of the case of ASCII letters.</summary>
    public static IEqualityComparer<Utf8Text> IgnoreCase { get; } = new CaseInsensitive();

    public ReadOnlySpan<byte> Bytes => _bytes;

    public bool IsNull => _bytes is null;

    /// <summary>The text. Each call creates a string.</summary>
    public string? Value => _bytes is null ? null : Encoding.UTF8.GetString(_bytes);

    public static implicit operator Utf8Text(string? text) => new(text is null ? null : Encoding.UTF8.GetBytes(text));

    /// <summary>Returns the text of the bytes, or null if they are not valid UTF-8.</summary>
    public static Utf8Text Of(ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        try
        {
            _ = Strict.GetCharCount(copy);
            return new Utf8Text(copy);
        }
        catch (DecoderFallbackException)
        {
            return default;
        }
    }

    public bool Equals(Utf8Text other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is Utf8Text other && Equals(other);

    /// <summary>Returns the same hash code for texts that differ only in the case of ASCII letters, so that it is valid for both comparisons.</summary>
    public override int GetHashCode()
    {
        int hash = 0;
        foreach (byte one in Bytes)
        {
            hash = unchecked((hash * 31) + Lower(one));
        }

        return hash;
    }

    public override string ToString() => Value ?? string.Empty;

    private static int Lower(byte one) => one is >= (byte)'A' and <= (byte)'Z' ? one | 0x20 : one;

    private sealed class CaseInsensitive : IEqualityComparer<Utf8Text>
    {
        public bool Equals(Utf8Text x, Utf8Text y)
        {
            if (x.Bytes.Length != y.Bytes.Length)
            {
                return false;
            }

            for (int i = 0; i < x.Bytes.Length; i++)
            {
                if (Lower(x.Bytes[i]) != Lower(y.Bytes[i]))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(Utf8Text obj) => obj.GetHashCode();
    }
}
