using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>A stream that returns its bytes and then never ends a read. As on .NET Framework, neither a token nor closing the stream ends the read.</summary>
internal sealed class StuckStream(byte[] content) : MemoryStream(content)
{
    private readonly TaskCompletionSource<int> _never = new();

    public override bool CanSeek => false;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Position < Length
        ? base.ReadAsync(buffer, offset, count, CancellationToken.None)
        : _never.Task;
}
