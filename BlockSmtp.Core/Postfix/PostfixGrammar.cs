using BlockSmtp.Grammars;
using BlockSmtp.Syslog;

namespace BlockSmtp.Postfix;

/// <summary>Postfix's lines (docs/postfix.md).</summary>
internal readonly struct PostfixGrammar : IMailGrammar
{
    public static LineBearing Look(ReadOnlySpan<byte> message, LogProgram program, RefusalTexts refusals) =>
        RepeatedLine.MayBeOne(message) || (program == LogProgram.Smtpd && SmtpdRefusal.Find(message) >= 0)
            ? LineBearing.Alone
            : LineBearing.Acceptance;

    public static void Read(scoped in SyslogLine line, MailEventsWanted wants, RefusalTexts refusals, out MailEvent read)
    {
        read = default;
        var message = line.Message;
        if (line.Program == LogProgram.Smtpd)
        {
            var refusalAt = SmtpdRefusal.Find(message);
            if (refusalAt >= 0)
            {
                SmtpdRefusal.Read(message, refusalAt, refusals, ref read);
                return;
            }

            if (message.StartsWith("disconnect from "u8))
            {
                AcceptedMail.ReadEnd(message["disconnect from "u8.Length..], ref read);
                return;
            }
        }

        if ((wants & MailEventsWanted.Acceptances) != 0)
            AcceptedMail.Read(message, line.Program == LogProgram.Smtpd, ref read);
    }

    public static bool TryReadRelay(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address)
    {
        // No line of Postfix's ends a transaction by naming its client at the end.
        address = default;
        return false;
    }
}
