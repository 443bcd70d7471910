using BlockSmtp.Exim;
using BlockSmtp.Grammars;
using BlockSmtp.Postfix;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;
using BlockSmtp.Transactions;

namespace BlockSmtp.Reading;

/// <summary>Which grammar a log is read by.</summary>
internal static class LineReaders
{
    /// <summary>What takes the lines apart of the mail server that the options name.</summary>
    public static SyslogLineParser LinesOf(DetectionOptions options) => new(options.SyslogHost, options.SyslogNames, options.Mailer switch
    {
        Mailer.Sendmail => MailPrograms.Sendmail,
        Mailer.Postfix => MailPrograms.Postfix,
        Mailer.Exim => MailPrograms.Exim,
        _ => MailPrograms.All,
    });

    /// <summary>A reader of the log of the mail server that the options name.</summary>
    /// <param name="options">Which it is, and the site's own texts.</param>
    /// <param name="lines">Takes lines apart.</param>
    /// <param name="joiner">Makes facts of what they tell.</param>
    /// <param name="troubles">Is told of lines that are left out; null where what a line leads to may throw.</param>
    /// <param name="inHand">Notes which line is read; null for nobody.</param>
    public static ILineReader Of(
        DetectionOptions options,
        SyslogLineParser lines,
        TransactionJoiner joiner,
        ILineTroubles? troubles = null,
        LineInHand? inHand = null)
    {
        var refusals = new RefusalTexts(options.UnknownUserTexts);
        lines.WantsDeliveries = (joiner.Wants & MailEventsWanted.Acceptances) != 0;
        return options.Mailer switch
        {
            Mailer.Sendmail => new LineReader<SendmailGrammar>(lines, joiner, refusals, troubles, inHand),
            Mailer.Postfix => new LineReader<PostfixGrammar>(lines, joiner, refusals, troubles, inHand),
            Mailer.Exim => new LineReader<EximGrammar>(lines, joiner, refusals, troubles, inHand),
            _ => new LineReader<AnyGrammar>(lines, joiner, refusals, troubles, inHand),
        };
    }
}
