using System.Security;
using System.Security.Cryptography;

namespace Apiframe.Emulator;

/// <summary>Makes API keys, and hides them.</summary>
internal static class EmulatorKey
{
    public static string New()
    {
        var random = new byte[16];
        using var generator = RandomNumberGenerator.Create();
        generator.GetBytes(random);
        return "afk_emulator_" + Hex.Lower(random);
    }

    public static SecureString Protect(string key)
    {
        var secure = new SecureString();
        foreach (var c in key)
        {
            secure.AppendChar(c);
        }

        secure.MakeReadOnly();
        return secure;
    }
}
