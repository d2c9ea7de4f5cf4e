using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>A stream that returns its bytes and then fails as if the connection were reset. Its length is not known beforehand.</summary>
internal sealed class BrokenStream(byte[] content) : MemoryStream(content)
{
    public override bool CanSeek => false;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Position < Length
        ? base.ReadAsync(buffer, offset, count, cancellationToken)
        : Task.FromException<int>(new IOException("reset"));
}
