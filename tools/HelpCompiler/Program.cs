using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using HelpCompiler;

if (args is not [string docsFolder, string helpFolder, string module, string onlineFolder])
{
    Console.Error.WriteLine("usage: HelpCompiler <folder of docs> <folder for help> <file name of the module> <address of the folder of the cmdlets' pages>");
    return 2;
}

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

Directory.CreateDirectory(helpFolder);
MamlWriter.Document(pages, onlineFolder).Save(Path.Combine(helpFolder, module + "-Help.xml"));
topics.ForEach(topic => File.WriteAllText(Path.Combine(helpFolder, topic.Name + ".help.txt"), topic.Text));
return 0;
