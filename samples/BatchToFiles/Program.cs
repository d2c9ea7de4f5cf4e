using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Save;
using Apiframe.Client.Wait;
using Apiframe.Emulator;

// Makes images with the emulator, without PowerShell: prompts in, image files out. To use the real service, set your own key in the connection
// and omit BaseUri.

string folder = Path.GetFullPath(args.Length > 0 ? args[0] : "images");
SubmitRequest[] requests =
[
    new() { Prompt = "A red kite over a lighthouse" },
    new() { Prompt = "A small server room, cut open, calm palette", Resolution = "2K", OutputFormat = "png", AspectRatio = "16:9" },
    new() { Prompt = "A banana with sunglasses, 3 a.m.", Resolution = "512px", OutputFormat = "webp" },
];

const string Key = "afk_sample_0123456789";
using var emulator = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = Key });
var connection = new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = Key, BaseUri = emulator.BaseUri });
var client = new ApiframeClient(connection);
var watcher = new JobWatcher(client);
var downloader = new ImageDownloader(connection);

Console.WriteLine($"{"JobId",-36}  {"Status",-9}  {"Cost",4}  {"Bytes",8}  File");
await Task.WhenAll(requests.Select(async request =>
{
    BananaJob accepted = await client.SubmitAsync(request);
    BananaJob job = await watcher.WaitAsync(accepted, TimeSpan.FromMinutes(10));
    job.EnsureCompleted();
    FileInfo file = await downloader.SaveAsync(job, 0, SaveTarget.InFolder(folder, FileNames.BaseName(job, 0)), ExistingFile.Replace);
    Console.WriteLine($"{job.JobId}  {job.Status,-9}  {job.CreditCost,4}  {file.Length,8}  {file.FullName}");
}));
Console.WriteLine($"The emulator: {emulator.Counts}");
