using System.Runtime.CompilerServices;
using BlockSmtp.Grammars;
using BlockSmtp.Syslog;

namespace BlockSmtp.Sendmail;

/// <summary>sendmail's lines (docs/sendmail.md).</summary>
internal readonly struct SendmailGrammar : IMailGrammar
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineBearing Look(ReadOnlySpan<byte> message, LogProgram program, RefusalTexts refusals) =>
        SendmailParser.Look(message, refusals);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(scoped in SyslogLine line, MailEventsWanted wants, RefusalTexts refusals, out MailEvent read) =>
        SendmailParser.Read(line, wants, refusals, out read);

    public static bool TryReadRelay(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address) => RelayText.TryReadLast(text, out address);
}
