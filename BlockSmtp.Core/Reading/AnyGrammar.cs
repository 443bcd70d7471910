using System.Runtime.CompilerServices;
using BlockSmtp.Exim;
using BlockSmtp.Grammars;
using BlockSmtp.Postfix;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;

namespace BlockSmtp.Reading;

/// <summary>
/// The lines of every mail server that is known: which it is, each line tells by the name of its program, which no client can choose.
/// </summary>
internal readonly struct AnyGrammar : IMailGrammar
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineBearing Look(ReadOnlySpan<byte> message, LogProgram program, RefusalTexts refusals) =>
        program == LogProgram.Sendmail ? SendmailGrammar.Look(message, program, refusals) : LookAtOther(message, program, refusals);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(scoped in SyslogLine line, MailEventsWanted wants, RefusalTexts refusals, out MailEvent read)
    {
        if (line.Program == LogProgram.Sendmail)
            SendmailGrammar.Read(line, wants, refusals, out read);
        else
            ReadOther(line, wants, refusals, out read);
    }

    // Only sendmail has lines that name their client at the end.
    public static bool TryReadRelay(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address) =>
        SendmailGrammar.TryReadRelay(text, out address);

    /// <summary>
    /// The words with which a recipient was refused for good, whether they count or not; none where the line tells of no refusal.
    /// </summary>
    public static ReadOnlySpan<byte> WordsOfRefusal(in SyslogLine line) => line.Program switch
    {
        LogProgram.Sendmail => SendmailParser.WordsOfRefusal(line.Message),
        LogProgram.Smtpd => SmtpdRefusal.WordsOf(line.Message),
        LogProgram.Exim => EximGrammar.WordsOfRefusal(line.Message),
        _ => default,
    };

    // By themselves, so that the quick look at sendmail's lines stays as small as it was.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LineBearing LookAtOther(ReadOnlySpan<byte> message, LogProgram program, RefusalTexts refusals) =>
        program == LogProgram.Exim ? EximGrammar.Look(message, program, refusals) : PostfixGrammar.Look(message, program, refusals);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReadOther(scoped in SyslogLine line, MailEventsWanted wants, RefusalTexts refusals, out MailEvent read)
    {
        if (line.Program == LogProgram.Exim)
            EximGrammar.Read(line, wants, refusals, out read);
        else
            PostfixGrammar.Read(line, wants, refusals, out read);
    }
}
