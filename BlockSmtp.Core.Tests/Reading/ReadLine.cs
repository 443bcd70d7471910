using System.Text;
using BlockSmtp.Addresses;
using BlockSmtp.Grammars;
using BlockSmtp.Reading;
using BlockSmtp.Syslog;

namespace BlockSmtp.Tests.Reading;

/// <summary>What one whole line is read as, in words that a table of cases can have.</summary>
internal static class ReadLine
{
    private static readonly RefusalTexts Refusals = new(["Benutzer unbekannt"]);

    /// <summary>Reads a line as if all were wanted of it.</summary>
    /// <param name="line">The line.</param>
    /// <returns>Its kind, and what comes with it; <c>foreign</c> when it is no mail server's.</returns>
    public static string As(string line) => As(line, Refusals);

    /// <summary>Reads a line as if all were wanted of it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="refusals">What has read the lines before it.</param>
    public static string As(string line, RefusalTexts refusals)
    {
        var parser = LineReaders.LinesOf(new DetectionOptions());
        if (!parser.TryParse(Encoding.UTF8.GetBytes(line), out var parts))
            return "foreign";
        AnyGrammar.Read(parts, MailEventsWanted.Ends | MailEventsWanted.Acceptances, refusals, out var read);
        var stands = AnyGrammar.Look(parts.Message, parts.Program, refusals);
        if (read.Kind == MailEventKind.NamedRefusal && (stands & LineBearing.Alone) == 0)
            return "passed over by the quick look";
        var address = AddressText.TryParse(read.Text, out var peer) ? peer.ToString() : "-";
        var recipient = Encoding.UTF8.GetString(read.Recipient);
        var doubt = read.IsDoubtful ? "doubtful " : "";
        var condition = read.Domain.IsEmpty ? "" : $" if {Encoding.UTF8.GetString(read.Domain)} is here";
        var remembered = read.Callout == CalloutAnswer.Remembered ? " as is remembered" : "";
        return read.Kind switch
        {
            MailEventKind.NamedRefusal =>
                $"{doubt}{(read.IsSender ? "sender" : "unknown")} {address} {read.Sender.ToString().ToLowerInvariant()} {recipient}{condition}{remembered}",
            // It counts for nothing.
            MailEventKind.CalloutRefusal => "none",
            MailEventKind.Probe => $"probe {address} {recipient}",
            MailEventKind.SessionEnd => $"end {address} {read.Recipients} {(read.IsTaken ? "taken" : "-")} of {read.Messages}",
            MailEventKind.Client => $"client {address}",
            MailEventKind.Taken => $"taken {address} {read.Recipients} {read.Sender.ToString().ToLowerInvariant()}",
            MailEventKind.Delivery => $"delivery {recipient}",
            MailEventKind.ShownUnknown => $"shown unknown {recipient}",
            _ => read.Kind.ToString().ToLowerInvariant(),
        };
    }

    /// <summary>The cases of a table: what a line is read as, a tab, the line.</summary>
    public static IEnumerable<TestCaseData> Cases(string resource)
    {
        using var reader = new StreamReader(typeof(ReadLine).Assembly.GetManifestResourceStream(resource)!);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.StartsWith('#') || line.Length == 0)
                continue;
            var parts = line.Split('\t');
            yield return new TestCaseData(parts[0], parts[1]).SetArgDisplayNames($"line {number}: {parts[0]}");
        }
    }
}
