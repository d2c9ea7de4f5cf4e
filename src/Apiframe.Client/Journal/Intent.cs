using System;
using System.Collections.Generic;

namespace Apiframe.Client.Journal;

/// <summary>A time at which a request was about to be sent.</summary>
/// <param name="At">The time in UTC.</param>
/// <param name="ReferenceImage">The addresses of its reference images, including uploads.</param>
internal readonly record struct Intent(DateTimeOffset At, IReadOnlyList<string> ReferenceImage);
