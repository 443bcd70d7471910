using System.Text;

namespace BlockSmtp.Syslog;

/// <summary>
/// The names under which the mail server logs. Postfix's daemons log as <c>NAME/DAEMON</c> or <c>NAME/SERVICE/DAEMON</c>, and its other
/// instances as <c>NAME-INSTANCE/DAEMON</c> (multi_instance_name, syslog_name); Exim's names begin with <c>exim</c>.
/// </summary>
/// <param name="names">The names.</param>
/// <param name="wanted">Whose lines count.</param>
internal sealed class MailerTags(IEnumerable<string> names, MailPrograms wanted)
{
    // Whose lines tell of deliveries, and the queue manager's, which tells of what is to be delivered.
    private static readonly byte[][] Delivering =
        [.. new[] { "/qmgr", "/local", "/virtual", "/lmtp", "/smtp", "/pipe" }.Select(Encoding.UTF8.GetBytes)];

    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether lines matter that tell only of deliveries.</summary>
    public bool WantsDeliveries { get; set; } = true;

    /// <summary>Whether the lines of one of Postfix's other programs tell of deliveries.</summary>
    public static bool IsDelivering(ReadOnlySpan<byte> tag)
    {
        foreach (var name in Delivering)
        {
            if (tag.EndsWith(name))
                return true;
        }

        return false;
    }

    /// <summary>Whether a program's name is one of them.</summary>
    public bool Has(ReadOnlySpan<byte> tag) => Find(tag) != LogProgram.None;

    /// <summary>The program behind a name; of a path, as some daemons log it, the last part counts.</summary>
    public LogProgram Find(ReadOnlySpan<byte> tag)
    {
        if (!tag.IsEmpty && tag[0] == '/')
            tag = tag[(tag.LastIndexOf((byte)'/') + 1)..];
        foreach (var name in _names)
        {
            if (!tag.StartsWith(name))
                continue;
            if (tag.Length == name.Length)
                return Alone(name);
            if (tag[name.Length] is (byte)'/' or (byte)'-' && tag.IndexOf((byte)'/') > 0)
                return OfPostfix(tag);
        }

        return LogProgram.None;
    }

    private LogProgram Alone(ReadOnlySpan<byte> name)
    {
        if ((wanted & MailPrograms.Exim) != 0 && (wanted == MailPrograms.Exim || name.StartsWith("exim"u8)))
            return LogProgram.Exim;
        var isSendmail = (wanted & MailPrograms.Sendmail) != 0 && (wanted == MailPrograms.Sendmail || !name.SequenceEqual("postfix"u8));
        return isSendmail ? LogProgram.Sendmail : LogProgram.None;
    }

    private LogProgram OfPostfix(ReadOnlySpan<byte> tag)
    {
        if ((wanted & MailPrograms.Postfix) == 0)
            return LogProgram.None;
        return tag.EndsWith("/smtpd"u8) ? LogProgram.Smtpd : LogProgram.PostfixOther;
    }
}
