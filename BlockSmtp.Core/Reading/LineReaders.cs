using BlockSmtp.Grammars;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;
using BlockSmtp.Transactions;

namespace BlockSmtp.Reading;

/// <summary>Which grammar a log is read by.</summary>
internal static class LineReaders
{
    /// <summary>A reader of the log of the mail server that the options name.</summary>
    /// <param name="options">The site's own texts.</param>
    /// <param name="lines">Takes lines apart.</param>
    /// <param name="joiner">Makes facts of what they tell.</param>
    public static ILineReader Of(DetectionOptions options, SyslogLineParser lines, TransactionJoiner joiner) =>
        new LineReader<SendmailGrammar>(lines, joiner, new RefusalTexts(options.UnknownUserTexts));
}
