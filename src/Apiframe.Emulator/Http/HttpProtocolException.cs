using System;

namespace Apiframe.Emulator.Http;

/// <summary>What came over a connection is no request this server can read. The connection cannot go on.</summary>
internal sealed class HttpProtocolException : Exception
{
    public HttpProtocolException(int status, string message)
        : base(message) => Status = status;

    public int Status { get; }
}
