using System.Text;
using BlockSmtp.Grammars;
using BlockSmtp.Reading;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>What the real sendmail has taken from a client that tried random spellings, as it has logged it.</summary>
public sealed class RecordedSpellingsTests
{
    private const string Header = "Nov 23 17:49:55 mail1 sm-mta[20703]: 6ANHntrU020703: ";

    private static string[] Recipients => LinesOf("spellings.txt");

    private static string[] Senders => LinesOf("senders.txt");

    [Test]
    public void Each_recipient_that_was_refused_counts()
    {
        Recipients.Should().HaveCountGreaterThan(500);
        Recipients.Where(recipient => Read($"{recipient}... User unknown") is not { Kind: MailEventKind.UnknownRecipient })
            .Should().BeEmpty();
    }

    [Test]
    public void And_it_is_looked_at_whatever_its_process_has_done()
    {
        var refusals = new RefusalTexts([]);

        Recipients.Select(recipient => $"6ANHntrU020703: {recipient}... User unknown")
            .Where(line => (SendmailParser.Look(Encoding.ASCII.GetBytes(line), refusals) & LineBearing.Alone) == 0)
            .Should().BeEmpty();
    }

    [Test]
    public void No_sender_makes_a_transaction_that_brought_nothing_look_like_a_message()
    {
        Senders.Should().HaveCountGreaterThan(200);
        Senders.Where(sender => Read(sender) is not { Kind: MailEventKind.TransactionEnd, IsTaken: false }).Should().BeEmpty();
    }

    private static (MailEventKind Kind, bool IsTaken) Read(string text)
    {
        var parser = new SyslogLineParser(null, ["sm-mta"]);
        parser.TryParse(Encoding.ASCII.GetBytes(Header + text), out var line).Should().BeTrue();
        SendmailParser.Read(line, MailEventsWanted.Ends | MailEventsWanted.Acceptances, new RefusalTexts([]), out var read);
        return (read.Kind, read.IsTaken);
    }

    private static string[] LinesOf(string resource)
    {
        using var reader = new StreamReader(typeof(RecordedSpellingsTests).Assembly.GetManifestResourceStream(resource)!);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))];
    }
}
