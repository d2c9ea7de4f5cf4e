using System;
using Apiframe.Emulator.Pictures;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>What a new job would be.</summary>
/// <param name="Cost">Credits.</param>
/// <param name="Extension">The format of its image: jpg, png or webp.</param>
/// <param name="Scene">What its image shows, by a random number that is the job's own.</param>
/// <param name="Error">Why it must fail; null if it need not.</param>
/// <param name="Refusal">Why there must be no such job; null if there may be.</param>
internal sealed record Draft(int Cost, string Extension, Func<ulong, Scene> Scene, string? Error = null, HttpResponse? Refusal = null);
