using System.Text;
using BlockSmtp.Grammars;
using BlockSmtp.Reading;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;
using CsCheck;

namespace BlockSmtp.Tests.Reading;

/// <summary>
/// Messages in several lines, of several processes and hosts at once, some of which never end. What a single one is read as stands in
/// lines.tsv.
/// </summary>
[TestFixture]
internal sealed class SplitMessagesTests
{
    private const string Id = "6ANHntrU020703";
    private const string Client = "scan.example [203.0.113.66]";

    // What a client may write where a part begins or ends, and noise.
    private static readonly Gen<string> Pieces = Gen.OneOf(
        Gen.OneOfConst(" ...", "...", " ", "[2]: ", "[1]: ", "6ANHntrU020703", ": ", "NOQUEUE", ", relay=",
            "[198.51.100.10]", "... User unknown", ": VRFY ", "from=<a@b>", "<", ">", "(", ")", "\""),
        Gen.Char[' ', '~'].Select(letter => letter.ToString()));

    private static readonly Gen<string> Hostile = Pieces.Array[0, 40].Select(string.Concat);

    [Test]
    public void The_same_queue_id_of_another_host_or_process_is_another_message()
    {
        var split = new SplitMessages();

        Read(split, "6ANHntrU020703[1]: from=<a>, size=0, class=0, nrcpts=0,  ...", process: 1, host: 0).Should().Be(MailEventKind.None);
        Read(split, "6ANHntrU020703[2]: relay=[203.0.113.1]", process: 1, host: 1).Should().Be(MailEventKind.None);
        Read(split, "6ANHntrU020703[2]: relay=[203.0.113.1]", process: 2, host: 0).Should().Be(MailEventKind.None);
        Read(split, "6ANHntrU020704[2]: relay=[203.0.113.1]", process: 1, host: 0).Should().Be(MailEventKind.None);
        Read(split, "6ANHntrU020703[2]: relay=[203.0.113.1]", process: 1, host: 0).Should().Be(MailEventKind.TransactionEnd);
        split.Count.Should().Be(0);
        split.Bytes.Should().Be(0);
    }

    [Test]
    public void Messages_that_never_end_take_a_bounded_memory_and_the_newest_are_read()
    {
        var split = new SplitMessages();
        var text = new string('x', 900);
        for (var process = 1; process <= 2_000; process++)
        {
            for (var part = 1; part <= 1 + (process % 100); part++)
                Read(split, $"6ANHntrU020703[{part}]: <{text} ...", process);
        }

        split.Count.Should().BeInRange(1, 256);
        split.Bytes.Should().BeInRange(1, 4 << 20);
        Read(split, "6ANHntrU020703[2]: >... User unknown", process: 2_000).Should().Be(MailEventKind.UnknownRecipient);
        Read(split, "6ANHntrU020703[2]: >... User unknown", process: 1).Should().Be(MailEventKind.None);
    }

    [Test]
    public void A_message_that_goes_on_and_on_is_given_up()
    {
        var split = new SplitMessages();
        for (var part = 1; part <= 999; part++)
            Read(split, $"6ANHntrU020703[{part}]: {new string('x', 900)} ...");

        split.Count.Should().Be(0);
        split.Bytes.Should().Be(0);
    }

    [Test]
    public void What_a_message_of_any_text_tells_is_what_it_tells_in_one_line() =>
        Gen.Select(
            Gen.OneOf(
                Hostile.Select(text => $"<{text}>... User unknown"),
                Hostile.Select(text => $"from=<{text}>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, relay={Client}"),
                Hostile.Select(text => $"ruleset=check_rcpt, arg1=<{text}>, relay={Client}, reject=550 5.1.1 <{text}>... User unknown")),
            Gen.Int[1, 60].Array[1, 6]).Sample((text, lengths) =>
            {
                string[] inOneLine = [Describe(new SplitMessages(), $"{Id}: {text}")];
                InParts(text, lengths).Should().Equal(inOneLine.Where(one => one != "None"));
            });

    [Test]
    public void A_probe_in_parts_names_its_client_once_wherever_it_is_cut() =>
        Gen.Select(Hostile, Gen.Int[1, 200].Array[1, 3], Gen.OneOfConst("VRFY", "EXPN")).Sample((name, lengths, command) =>
        {
            // As sendmail does: no part of a name without all of its client.
            lengths[0] += Client.Length + 7;
            // Where it may be a refused recipient the client is told by its process.
            InParts($"{Client}: {command} x{name}", lengths).Should().ContainSingle()
                .Which.Should().BeOneOf("Probe 203.0.113.66", name.Contains("... ", StringComparison.Ordinal) ? "Probe " : "");
        });

    [Test]
    public void Lines_of_any_form_are_read_without_failing() =>
        Gen.Select(
            Gen.OneOfConst(Id, "NOQUEUE", "", "x", "6ANHntrU02070377", "6ANHntrU020703777"),
            Gen.OneOfConst("[1]: ", "[2]: ", "[3]: ", "[999]: ", "[1000]: ", "[01]: ", "[-1]: ", "[]: ", "[1", "[2]:", ": "),
            Hostile)
            .Array[1, 12].Sample(lines =>
            {
                var split = new SplitMessages();
                foreach (var (id, number, text) in lines)
                    Read(split, id + number + text);
                split.Bytes.Should().BeInRange(0, 4 << 20);
            });

    /// <summary>What a message tells that is cut into parts, the last of which has what the others leave.</summary>
    private static IEnumerable<string> InParts(string text, int[] lengths)
    {
        var split = new SplitMessages();
        for (var (at, part) = (0, 1); at < text.Length; part++)
        {
            var end = part <= lengths.Length ? Math.Min(text.Length, at + lengths[part - 1]) : text.Length;
            var isWhole = end == text.Length && part == 1;
            var told = Describe(split, $"{Id}{(isWhole ? "" : $"[{part}]")}: {text[at..end]}{(end < text.Length ? " ..." : "")}");
            at = end;
            if (told != "None")
                yield return told;
        }
    }

    private static MailEventKind Read(SplitMessages split, string message, int process = 20703, int host = 0) =>
        Enum.Parse<MailEventKind>(Describe(split, message, process, host).Split(' ')[0]);

    private static string Describe(SplitMessages split, string message, int process = 20703, int host = 0)
    {
        var refusals = new RefusalTexts([]);
        var line = new SyslogLine { Message = Encoding.ASCII.GetBytes(message), ProcessId = process, Host = host };
        SendmailGrammar.Read(line, MailEventsWanted.Ends, refusals, out var read);
        if (read.Kind == MailEventKind.Part && !split.TryRead<SendmailGrammar>(ref line, MailEventsWanted.Ends, refusals, ref read))
            return "None";
        return read.Kind switch
        {
            MailEventKind.TransactionEnd => $"TransactionEnd {(RelayText.TryReadLast(read.Text, out var address) ? Text(address) : "-")}",
            MailEventKind.UnknownRecipient => $"UnknownRecipient {Text(read.Text)} {Text(read.Recipient)}",
            MailEventKind.Probe => $"Probe {Text(read.Text)}",
            _ => read.Kind.ToString(),
        };
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);
}
