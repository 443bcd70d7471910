using BlockSmtp.Syslog;

namespace BlockSmtp.Grammars;

/// <summary>
/// What one mail server's lines mean. A struct, which the reader of lines is compiled for, so that the seam costs no call: a new mail
/// server is a room beside Sendmail with one of these in it, and nothing behind it changes.
/// </summary>
internal interface IMailGrammar
{
    /// <summary>What a message may matter for although its process has not offended. A quick look, that errs on the side of yes.</summary>
    /// <param name="message">The message; it is not empty.</param>
    /// <param name="program">Who has written it.</param>
    /// <param name="refusals">Tells what the words of a refusal say.</param>
    static abstract LineBearing Look(ReadOnlySpan<byte> message, LogProgram program, RefusalTexts refusals);

    /// <summary>Reads a line of the mail server.</summary>
    /// <param name="line">The line.</param>
    /// <param name="wants">What somebody waits for: the rest need not be told apart.</param>
    /// <param name="refusals">Tells what the words of a refusal say.</param>
    /// <param name="read">What it tells.</param>
    static abstract void Read(scoped in SyslogLine line, MailEventsWanted wants, RefusalTexts refusals, out MailEvent read);

    /// <summary>
    /// The address in the text of a <see cref="MailEventKind.TransactionEnd"/>; false when there is none that the mail server has written.
    /// </summary>
    static abstract bool TryReadRelay(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address);
}
