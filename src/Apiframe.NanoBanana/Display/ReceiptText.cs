using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana;

/// <summary>The meaning of a receipt and the next steps, for Apiframe.NanoBanana.format.ps1xml. Also accepts receipts that were read from a file.</summary>
public static class ReceiptText
{
    private static readonly (string List, string Meaning, string Command)[] Findings =
    [
        (nameof(JournalReceipt.NotSaved), "paid images that were not saved", " | Save-BananaImage -Path ./images"),
        (nameof(JournalReceipt.MissingFiles), "saved images whose files no longer exist", " | Save-BananaImage -Path ./images"),
        (nameof(JournalReceipt.ChangedFiles), "saved images whose files were changed", " | Save-BananaImage -Path ./images -Force"),
        (nameof(JournalReceipt.Open), "images whose jobs are still running, or that may or may not have been accepted", " | New-BananaImage | Wait-BananaJob | Save-BananaImage -Path ./images"),
        (nameof(JournalReceipt.Failed), "images that were not accepted, or whose jobs failed", " | New-BananaImage | Wait-BananaJob | Save-BananaImage -Path ./images"),
        (nameof(JournalReceipt.Duplicates), "additional billed jobs of images that already have a billed job", " | Format-List"),
        (nameof(JournalReceipt.SharedJobs), "images that share a job with another image, so that two prompts have one image", " | Format-List"),
        (nameof(JournalReceipt.UnknownJobs), "jobs of the account from that time that are in none of the journals", " | Format-Table"),
        (nameof(JournalReceipt.MissingJobs), "billed jobs that the account does not list. Check the key: they may belong to another account", " | Format-Table"),
    ];

    /// <summary>Returns whether the batch is complete, and whether that was checked with the service.</summary>
    public static string Verdict(PSObject receipt)
    {
        bool isComplete = Is(receipt, nameof(JournalReceipt.IsComplete));
        return (isComplete, Is(receipt, nameof(JournalReceipt.IsOffline))) switch
        {
            (true, true) => "True: according to the journal and the files (the service was not queried)",
            (true, false) => "True: every prompt was billed exactly once and has one complete file",
            (false, false) when !Is(receipt, nameof(JournalReceipt.IsJobListComplete)) => "False (the account's list of jobs does not reach back to the first request)",
            (false, var isOffline) => isOffline ? "False (the service was not queried)" : "False",
        };
    }

    /// <summary>Returns the number of items in a list and their meaning.</summary>
    public static string Finding(string list, int count) => $"{count}: {Findings.Single(finding => finding.List == list).Meaning}";

    /// <summary>Returns the commands for the findings, or an empty string if there are none.</summary>
    public static string Next(PSObject receipt)
    {
        string[] commands =
        [
            .. from finding in Findings
               where (Value(receipt, finding.List) as ICollection)?.Count > 0
               select $"$receipt.{finding.List}{finding.Command}",
        ];
        return commands.Length == 0 ? string.Empty : string.Join(Environment.NewLine, [$"$receipt = Test-BananaJournal {Paths(receipt)}", .. commands]);
    }

    private static string Paths(PSObject receipt) => string.Join(", ", Texts(receipt, nameof(JournalReceipt.Journal)).Concat(Texts(receipt, nameof(JournalReceipt.NotRead)))
        .Select(path => $"'{CodeGeneration.EscapeSingleQuotedStringContent(ViewText.Line(path))}'"));

    private static IEnumerable<string> Texts(PSObject receipt, string property) =>
        (Value(receipt, property) as IEnumerable)?.Cast<object>().Select(text => text.ToString() ?? string.Empty) ?? [];

    private static bool Is(PSObject receipt, string property) => LanguagePrimitives.IsTrue(Value(receipt, property));

    private static object? Value(PSObject receipt, string property) =>
        receipt.Properties[property]?.Value is var value && value is PSObject wrapped ? wrapped.BaseObject : value;
}
