using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace Apiframe.Client.Journal;

/// <summary>Reads a journal of any length line by line, with one buffer.</summary>
internal sealed class JournalReader : IDisposable
{
    private const int BufferSize = 64 * 1024;

    /// <summary>The maximum length of a line. It is many times the length of a line with a prompt of 2000 characters and 14 addresses.</summary>
    private const int MaximumLineBytes = 1024 * 1024;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly Stream _content;
    private readonly string _path;
    private readonly JournalFields _line = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;
    private long _number;
    private bool _hasBegun;
    private long _length;
    private bool _lacksLineFeed;

    private JournalReader(Stream content, string path)
    {
        _content = content;
        _path = path;
    }

    /// <summary>Reads every line.</summary>
    /// <param name="content">The journal, from its first byte.</param>
    /// <param name="state">The state that the events are added to.</param>
    /// <returns>
    /// The number of bytes to keep, which excludes a last line that was cut off while it was written. And whether only the last line feed is missing.
    /// </returns>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalDamaged"/> or <see cref="ApiframeErrorKind.JournalUnsupported"/>.</exception>
    public static (long Length, bool LacksLineFeed) Read(Stream content, JournalState state)
    {
        using var reader = new JournalReader(content, state.Journal.Path);
        state.IsBeingRead = true;
        try
        {
            foreach (JournalEvent entry in reader.Events())
            {
                state.Apply(entry);
            }
        }
        finally
        {
            state.IsBeingRead = false;
        }

        return (reader._length, reader._lacksLineFeed);
    }

    public void Dispose()
    {
        _line.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private IEnumerable<JournalEvent> Events()
    {
        int scanned = 0;
        while (true)
        {
            int found = Array.IndexOf(_buffer, (byte)'\n', _start + scanned, _end - _start - scanned);
            if (found >= 0)
            {
                JournalEvent? entry = Take(Line(found - _start));
                _length += found + 1 - _start;
                (_start, scanned) = (found + 1, 0);
                if (entry is not null)
                {
                    yield return entry;
                }

                continue;
            }

            scanned = _end - _start;
            if (!Fill())
            {
                break;
            }
        }

        if (scanned > 0)
        {
            (_lacksLineFeed, JournalEvent? last) = TakeLast(Line(scanned));
            _length += _lacksLineFeed ? scanned : 0;
            if (last is not null)
            {
                yield return last;
            }
        }
    }

    private bool Fill()
    {
        int length = _end - _start;
        if (length > MaximumLineBytes)
        {
            _number++;
            throw Damaged($"it is longer than {MaximumLineBytes} bytes");
        }

        byte[] target = length > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, length);
        if (target != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        (_start, _end) = (0, length);
        int count = _content.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        return count > 0;
    }

    /// <summary>Returns the bytes of a line, without the byte order mark that some editors add before the first line.</summary>
    private ReadOnlySpan<byte> Line(int length)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        return _number == 0 && line.StartsWith(ByteOrderMark) ? line.Slice(ByteOrderMark.Length) : line;
    }

    /// <summary>Returns the event of a line, or null if it is unknown to this version.</summary>
    private JournalEvent? Take(ReadOnlySpan<byte> line)
    {
        _number++;
        if (IsBlank(line))
        {
            return null;
        }

        try
        {
            return Take(_line.Read(line));
        }
        catch (JsonException)
        {
            throw _hasBegun ? Damaged("it is not valid JSON") : NotAJournal();
        }
    }

    /// <summary>
    /// A line of a journal is one JSON object, and no object is the beginning of another one. A last line that is an object is therefore complete. Any other
    /// last line is what was on disk when the computer or the process stopped.
    /// </summary>
    private (bool IsWhole, JournalEvent? Entry) TakeLast(ReadOnlySpan<byte> line)
    {
        _number++;
        try
        {
            if (_line.Read(line))
            {
                return (true, Take(isObject: true));
            }
        }
        catch (JsonException)
        {
            // The line was cut off.
        }

        return _hasBegun || IsBeginning(line) ? (false, null) : throw NotAJournal();
    }

    private JournalEvent? Take(bool isObject)
    {
        try
        {
            if (!isObject)
            {
                throw new FormatException("it is not a JSON object");
            }

            if (!_hasBegun)
            {
                JournalEvent first = JournalLine.ReadFirst(_line);
                _hasBegun = true;
                return first;
            }

            return JournalLine.IsFirst(_line) ? throw new FormatException("a second journal begins at this line") : JournalLine.Read(_line);
        }
        catch (FormatException e)
        {
            throw _hasBegun ? Damaged(e.Message) : NotAJournal();
        }
        catch (NotSupportedException e)
        {
            throw ApiframeException.NotSent(
                $"The journal '{_path}' has format {e.Message}. This version of the module reads only format {JournalLine.Version}.", ApiframeErrorKind.JournalUnsupported);
        }
    }

    /// <summary>Whether the bytes are the beginning of the first line. A file of another program must not be treated as a journal and cut.</summary>
    private static bool IsBeginning(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> beginning = Encoding.ASCII.GetBytes(JournalLine.Beginning);
        return line.Length <= beginning.Length ? beginning.StartsWith(line) : line.StartsWith(beginning);
    }

    private static bool IsBlank(ReadOnlySpan<byte> line)
    {
        foreach (byte one in line)
        {
            if (one is not ((byte)' ' or (byte)'\t' or (byte)'\r'))
            {
                return false;
            }
        }

        return true;
    }

    private ApiframeException NotAJournal() => ApiframeException.NotSent(
        $"'{_path}' is not a journal. Line {_number} is not the first line of a journal.", ApiframeErrorKind.JournalDamaged);

    private ApiframeException Damaged(string why) => ApiframeException.NotSent(
        $"Line {_number} of the journal '{_path}' cannot be read: {why}.", ApiframeErrorKind.JournalDamaged);
}
