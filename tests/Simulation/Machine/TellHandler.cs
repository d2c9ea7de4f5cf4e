using System.Globalization;
using System.Runtime.CompilerServices;

namespace Simulation.Machine;

/// <summary>Formats a line of the log only if the log is kept.</summary>
[InterpolatedStringHandler]
internal ref struct TellHandler
{
    private DefaultInterpolatedStringHandler _text;
    private readonly bool _isKept;

    public TellHandler(int literalLength, int formattedCount)
    {
        _isKept = World.Current.IsLogging;
        _text = _isKept ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
    }

    public string Text => _text.ToStringAndClear();

    public void AppendLiteral(string text)
    {
        if (_isKept)
        {
            _text.AppendLiteral(text);
        }
    }

    public void AppendFormatted<T>(T value, string? format = null)
    {
        if (_isKept)
        {
            _text.AppendFormatted(value, format);
        }
    }
}
