using System;
using Apiframe.Emulator.Pictures;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>The properties of a job before it is created.</summary>
/// <param name="Cost">The cost in credits.</param>
/// <param name="Extension">The format of the image: jpg, png, or webp.</param>
/// <param name="Scene">Returns what the image shows, for a random number of the job.</param>
/// <param name="Error">The error that the job fails with, or null.</param>
/// <param name="Refusal">The response that rejects the submission, or null.</param>
internal sealed record Draft(int Cost, string Extension, Func<ulong, Scene> Scene, string? Error = null, HttpResponse? Refusal = null);
