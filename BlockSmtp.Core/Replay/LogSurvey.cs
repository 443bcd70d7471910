using BlockSmtp.Grammars;
using BlockSmtp.Reading;
using BlockSmtp.Replay;
using BlockSmtp.Syslog;

namespace BlockSmtp;

/// <summary>What is in some lines of a log: whether it is one of a mail server, and one that is understood.</summary>
/// <param name="Lines">How many lines there are.</param>
/// <param name="MailerLines">How many are the mail server's, by its name and host (<see cref="DetectionOptions.SyslogNames"/>,
/// <see cref="DetectionOptions.SyslogHost"/>).</param>
/// <param name="Offenses">How many of these are wrong guesses.</param>
/// <param name="Clients">How many name a client.</param>
/// <param name="Ambiguous">How many look like a wrong guess but are none that a mail server writes.</param>
internal sealed record LogSurvey(int Lines, int MailerLines, int Offenses, int Clients, int Ambiguous)
{
    /// <summary>Whose lines they are, in the order in which they were seen.</summary>
    public IReadOnlyList<Mailer> Mailers { get; init; } = [];

    /// <summary>How many lines stand for some that are equal to one before them (<see cref="RepeatedLine"/>).</summary>
    public int RepeatedLines { get; init; }

    /// <summary>
    /// The words with which recipients were refused for good and that do not count, the most frequent first: where they say that there is
    /// no such mailbox, they belong into <see cref="DetectionOptions.UnknownUserTexts"/>. Those that speak of relaying, senders, quotas,
    /// block lists and the like are left out. It is what the mail server or its site writes, but where a line is misread a client's text
    /// might be among them: show it as such.
    /// </summary>
    public IReadOnlyList<UncountedRefusal> UncountedRefusals { get; init; } = [];

    /// <summary>Looks at lines as an engine would, and decides nothing.</summary>
    /// <param name="lines">Whole lines, each with its line feed.</param>
    /// <param name="options">Whose lines count, and which.</param>
    /// <returns>What is in them.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static LogSurvey Of(ReadOnlySpan<byte> lines, DetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var parser = LineReaders.LinesOf(options);
        var refusals = new RefusalTexts(options.UnknownUserTexts);
        var split = new SplitMessages();
        var uncounted = new UncountedWords(refusals);
        var found = new LogSurvey(0, 0, 0, 0, 0);
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            found = Add(found with { Lines = found.Lines + 1 }, parser, split, refusals, uncounted, line, options.CountProbes);
        }

        return found with { UncountedRefusals = uncounted.ByCount() };
    }

    private static LogSurvey Add(
        LogSurvey found,
        SyslogLineParser parser,
        SplitMessages split,
        RefusalTexts refusals,
        UncountedWords uncounted,
        ReadOnlySpan<byte> line,
        bool countProbes)
    {
        if (!parser.TryParse(line, out var parts))
            return RepeatedLine.TryReadLine(line.TrimEnd((byte)'\r'), out _, out _, out _, out _)
                ? found with { RepeatedLines = found.RepeatedLines + 1 }
                : found;
        var mailer = parts.Program switch
        {
            LogProgram.Sendmail => Mailer.Sendmail,
            LogProgram.Exim => Mailer.Exim,
            _ => Mailer.Postfix,
        };
        if (!found.Mailers.Contains(mailer))
            found = found with { Mailers = [.. found.Mailers, mailer] };
        found = found with { MailerLines = found.MailerLines + 1 };
        if (RepeatedLine.MayBeOne(parts.Message))
            return found with { RepeatedLines = found.RepeatedLines + 1 };
        AnyGrammar.Read(parts, MailEventsWanted.Ends, refusals, out var read);
        if (read.Kind == MailEventKind.Part && !split.TryRead<AnyGrammar>(ref parts, MailEventsWanted.Ends, refusals, ref read))
            return found;
        if (read.Kind is MailEventKind.None or MailEventKind.CalloutRefusal)
            uncounted.Add(parts);
        return read.Kind switch
        {
            MailEventKind.UnknownRecipient => found with { Offenses = found.Offenses + 1 },
            // Of a sender who may be a guess, or an answer that is remembered, nothing is known yet but the client.
            MailEventKind.NamedRefusal when !read.Domain.IsEmpty || read.IsDoubtful || read.Callout == CalloutAnswer.Remembered =>
                found with { Clients = found.Clients + 1 },
            MailEventKind.NamedRefusal => found with { Offenses = found.Offenses + 1, Clients = found.Clients + 1 },
            MailEventKind.Probe when countProbes => found with { Offenses = found.Offenses + 1, Clients = found.Clients + 1 },
            MailEventKind.Probe or MailEventKind.Relay or MailEventKind.TransactionEnd or
                MailEventKind.Connect or MailEventKind.SessionEnd =>
                found with { Clients = found.Clients + 1 },
            MailEventKind.Ambiguous or MailEventKind.Doubtful => found with { Ambiguous = found.Ambiguous + 1 },
            _ => found,
        };
    }
}
