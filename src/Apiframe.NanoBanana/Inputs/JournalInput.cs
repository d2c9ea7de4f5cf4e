using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana;

/// <summary>Journals that users specify by their paths. A problem with one path is an error, and the other journals are returned.</summary>
internal sealed class JournalInput
{
    private readonly PathIntrinsics _paths;
    private readonly Action<ErrorRecord> _writeError;

    /// <param name="paths">The paths of the session.</param>
    /// <param name="writeError">Writes an error.</param>
    public JournalInput(PathIntrinsics paths, Action<ErrorRecord> writeError)
    {
        _paths = paths;
        _writeError = writeError;
    }

    /// <summary>Returns the full paths: of all files that match a path with wildcards, and of each path without wildcards.</summary>
    public IReadOnlyList<string> Find(IEnumerable<string> paths, bool isLiteral)
    {
        var found = new List<string>();
        foreach (string path in paths)
        {
            IReadOnlyList<string> files = isLiteral ? [FilePaths.Literal(_paths, path, out string? problem)] : FilePaths.Matching(_paths, path, out problem);
            if (problem is not null && files.Count > 0)
            {
                _writeError(Errors.JournalNotReadable(new NotSupportedException(problem), path));
            }
            else
            {
                found.AddRange(files);
            }
        }

        return found;
    }

    /// <summary>Returns the state of a journal, or null if it cannot be read.</summary>
    public JournalState? Read(string path)
    {
        try
        {
            return Directory.Exists(path) ? throw new IOException($"'{path}' is a folder.") : new BananaJournal(path).Read();
        }
        catch (ApiframeException e)
        {
            _writeError(Errors.From(e, path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            _writeError(Errors.JournalNotFound($"The journal '{path}' does not exist.", path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _writeError(Errors.JournalNotReadable(e, path));
        }

        return null;
    }
}
