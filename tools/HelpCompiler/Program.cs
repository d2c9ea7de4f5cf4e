using System;
using System.IO;
using System.Linq;
using HelpCompiler;

if (args is not [string pagesFolder, string helpFile])
{
    Console.Error.WriteLine("usage: HelpCompiler <folder of pages> <help file>");
    return 2;
}

bool failed = false;
CommandPage? Read(string file)
{
    try
    {
        return PageReader.Read(file);
    }
    catch (PageException e)
    {
        Console.Error.WriteLine(e);
        failed = true;
        return null;
    }
}

CommandPage[] pages = [.. Directory.GetFiles(pagesFolder, "*.md").Order(StringComparer.Ordinal).Select(Read).OfType<CommandPage>()];
if (failed)
{
    return 1;
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(helpFile))!);
MamlWriter.Document(pages).Save(helpFile);
return 0;
