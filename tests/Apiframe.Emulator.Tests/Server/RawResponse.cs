using System.Collections.Generic;

namespace Apiframe.Emulator.Tests.Server;

internal sealed record RawResponse(string StatusLine, IReadOnlyDictionary<string, string> Headers, string Body);
