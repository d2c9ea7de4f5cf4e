using System;
using System.IO;
using System.Linq;
using Apiframe.Client;
using Apiframe.Client.Save;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class SavePlanTests
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "plan");
    private static readonly ImageDownloader Downloader = new(new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = "afk_plan" }));
    private static readonly Uri Kite = new("https://cdn.example/kite.png?signature=1");

    [Fact]
    public void An_image_has_the_specified_name_or_the_name_in_its_URL()
    {
        Assert.Equal(Path.Combine(Folder, "mine"), InFolder(_ => "mine").Image(Kite, Downloader).Target.ToString());
        Assert.Equal(Path.Combine(Folder, "image-kite"), InFolder(_ => " ").Image(Kite, Downloader).Target.ToString());
    }

    [Fact]
    public void A_path_that_is_a_file_overrides_the_specified_name()
    {
        string file = Path.Combine(Folder, "one.png");

        Assert.Equal(file, new SavePlan(file, isFile: true, _ => "mine").Image(Kite, Downloader).Target.ToString());
    }

    [Fact]
    public void A_file_with_another_prompt_or_none_is_found_by_the_job_ID()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string id = "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90";
        string named = FileNames.BaseName(BananaJob.FromRecord(id, prompt: "a kite"), 0);
        File.WriteAllText(Path.Combine(folder, named + ".png"), "x");
        File.WriteAllText(Path.Combine(folder, id + "-2.jpg"), "x");
        File.WriteAllText(Path.Combine(folder, id + ".txt"), "x");

        Assert.True(SaveTarget.InFolder(folder, BananaJob.FromRecord(id), 0).MayExist());
        Assert.True(SaveTarget.InFolder(folder, BananaJob.FromRecord(id.ToUpperInvariant(), prompt: "a boat"), 0).MayExist());
        Assert.True(SaveTarget.InFolder(folder, BananaJob.FromRecord(id, prompt: "a boat"), 1).MayExist());
        Assert.False(SaveTarget.InFolder(folder, BananaJob.FromRecord(id, prompt: "a boat"), 2).MayExist());
        Assert.False(SaveTarget.InFolder(folder, BananaJob.FromRecord("8d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b91"), 0).MayExist());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_target_is_used_once_in_a_call_regardless_of_case()
    {
        SavePlan plan = InFolder(source => ((Uri)source).AbsolutePath);

        Assert.True(plan.TryTake(plan.Image(new Uri("https://cdn.example/a"), Downloader)));
        Assert.False(plan.TryTake(plan.Image(new Uri("https://cdn.example/A"), Downloader)));
        Assert.True(plan.TryTake(plan.Image(new Uri("https://cdn.example/b"), Downloader)));
    }

    [Fact]
    public void A_name_without_an_allowed_character_is_rejected() => Assert.Equal(
        "FileName '...' contains no character that is allowed in a file name. Use letters and digits.",
        Assert.Throws<ApiframeException>(() => InFolder(_ => "...").Image(Kite, Downloader)).Message);

    [Fact]
    public void An_address_that_is_not_HTTP_is_rejected() =>
        Assert.Contains("is not an absolute http or https URL", Assert.Throws<ApiframeException>(() => InFolder(_ => null).Image(new Uri("file:///etc/passwd"), Downloader)).Message);

    [Fact]
    public void A_job_without_an_image_is_rejected()
    {
        BananaJob job = BananaJob.FromRecord("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", "FAILED", error: "declined");

        Assert.Equal(ApiframeErrorKind.JobFailed, Assert.Throws<ApiframeException>(() => InFolder(_ => null).Images(job, Downloader).ToList()).Kind);
    }

    private static SavePlan InFolder(Func<object, string?> name) => new(Folder, isFile: false, name);
}
