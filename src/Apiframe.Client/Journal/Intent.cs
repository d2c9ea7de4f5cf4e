using System;
using System.Collections.Generic;

namespace Apiframe.Client.Journal;

/// <summary>One time that a request was about to be sent.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="ReferenceImage">The addresses of its reference images, those of uploads among them.</param>
internal readonly record struct Intent(DateTimeOffset At, IReadOnlyList<string> ReferenceImage);
