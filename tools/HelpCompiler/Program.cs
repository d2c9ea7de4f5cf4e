using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using HelpCompiler;

if (args is not [string repository, string stagedModule, string module])
{
    Console.Error.WriteLine("usage: HelpCompiler <folder of the repository> <folder of the staged module> <file name of the module>");
    return 2;
}

string docsFolder = Path.Combine(repository, "docs");

bool failed = false;
List<T> ReadAll<T>(string folder, Func<string, T> read)
{
    var pages = new List<T>();
    foreach (string file in Directory.GetFiles(Path.Combine(docsFolder, folder), "*.md").Order(StringComparer.Ordinal))
    {
        try
        {
            pages.Add(read(file));
        }
        catch (PageException e)
        {
            Console.Error.WriteLine(e);
            failed = true;
        }
    }

    return pages;
}

List<CommandPage> pages = ReadAll("cmdlets", PageReader.Read);
List<AboutTopic> topics = ReadAll("about", AboutTopic.Read);
if (failed)
{
    return 1;
}

string manifest = ModuleManifest.Complete(
    File.ReadAllText(Path.Combine(repository, "Apiframe.NanoBanana.psd1")), File.ReadAllText(Path.Combine(repository, "CHANGELOG.md")));
File.WriteAllText(Path.Combine(stagedModule, "Apiframe.NanoBanana.psd1"), manifest);
string helpFolder = Directory.CreateDirectory(Path.Combine(stagedModule, "en-US")).FullName;
MamlWriter.Document(pages, ModuleManifest.ProjectUri(manifest) + "/blob/main/docs/cmdlets").Save(Path.Combine(helpFolder, module + "-Help.xml"));
topics.ForEach(topic => File.WriteAllText(Path.Combine(helpFolder, topic.Name + ".help.txt"), topic.Text));
return 0;
