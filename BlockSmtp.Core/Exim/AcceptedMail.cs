using System.Text;
using BlockSmtp.Grammars;
using BlockSmtp.Syslog;

namespace BlockSmtp.Exim;

/// <summary>
/// What Exim says of the mail that it has taken, <c>ID &lt;= SENDER H=… P=esmtp S=…</c>, and of each delivery, <c>ID =&gt; alice
/// &lt;alice@example.org&gt; R=… T=…</c>.
/// </summary>
internal static class AcceptedMail
{
    /// <summary>Reads a line that begins with a message id.</summary>
    /// <param name="text">The line, from the id on.</param>
    /// <param name="idLength">The length of the id.</param>
    /// <param name="read">What it tells.</param>
    public static void Read(ReadOnlySpan<byte> text, int idLength, ref MailEvent read)
    {
        var mark = text.Slice(idLength + 1, 2);
        var rest = text[(idLength + 4)..];
        if (mark.SequenceEqual("<="u8))
            ReadTaken(rest, ref read);
        else if (IsDelivery(mark) && TryReadRecipient(rest, out read.Recipient))
        {
            read.Kind = MailEventKind.Delivery;
            read.Domain = OwnDomainIn(rest);
        }

        if (read.Kind != MailEventKind.None)
            read.Id = QueueId.Of(text[..idLength]);
    }

    private static bool IsDelivery(ReadOnlySpan<byte> mark) =>
        mark.SequenceEqual("=>"u8) || mark.SequenceEqual("->"u8) || mark.SequenceEqual(">>"u8);

    /// <summary>
    /// Reads <c>SENDER H=…</c>. A sender that Exim has taken has blanks only in quotes, which come in pairs.
    /// </summary>
    private static void ReadTaken(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        var isNull = text.StartsWith("<> "u8);
        var (at, isQuoted) = (0, false);
        for (; at < text.Length && (isQuoted || text[at] != ' '); at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '"')
                isQuoted = !isQuoted;
        }

        // A bounce of Exim's own, and mail of this machine, have no host.
        if (at + 1 >= text.Length || !HostText.TryRead(text[(at + 1)..], out read.Text, out var length))
            return;
        read.Kind = MailEventKind.Taken;
        read.Sender = isNull ? SenderKind.Null : SenderKind.Named;
        read.Recipients = RecipientsIn(text[(at + 1 + length)..]);
    }

    /// <summary>
    /// How many recipients <c>… for alice@example.org bob@example.org</c> names (<c>log_selector = +received_recipients</c>); 1 without
    /// that. A Message-ID can end like this too, so it is a hint: what is delivered tells for certain.
    /// </summary>
    private static int RecipientsIn(ReadOnlySpan<byte> text)
    {
        var at = text.LastIndexOf(" for "u8);
        if (at < 0)
            return 1;
        text = text[(at + " for "u8.Length)..];
        var (count, start, isQuoted) = (0, 0, false);
        for (var end = 0; end <= text.Length; end++)
        {
            if (end < text.Length && (text[end] != ' ' || isQuoted))
            {
                isQuoted ^= text[end] == '"';
                continue;
            }

            if (text[start..end].IndexOf((byte)'@') <= 0)
                return 1;
            (count, start) = (count + 1, end + 1);
        }

        return isQuoted ? 1 : count;
    }

    /// <summary>
    /// Reads <c>alice &lt;postmaster@example.org&gt; R=…</c>: the recipient as the client has named him, before an alias, so that a list
    /// earns as one. But <c>alice &lt;alice-7@example.org&gt;</c> is the mailbox itself, for which the client may invent any suffix. What
    /// goes to <c>:blackhole:</c> has reached nobody.
    /// </summary>
    private static bool TryReadRecipient(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> recipient)
    {
        recipient = default;
        var end = text.IndexOf(" R="u8);
        if (end <= 0 || text.StartsWith(":blackhole:"u8))
            return false;
        recipient = text[..end];
        var original = recipient.LastIndexOf(" <"u8);
        if (original <= 0 || recipient[^1] != '>')
            return true;
        var mailbox = recipient[..original];
        recipient = recipient[(original + 1)..];
        if (HasAffix(LocalPartOf(recipient[1..^1]), LocalPartOf(mailbox)))
            recipient = mailbox;
        return true;
    }

    /// <summary>
    /// The domain of a recipient who was delivered to on this machine; empty of one elsewhere, which has a host (<c>H=</c>), and where
    /// quotes may hold what looks like Exim's.
    /// </summary>
    private static ReadOnlySpan<byte> OwnDomainIn(ReadOnlySpan<byte> text)
    {
        var recipient = text[..text.IndexOf(" R="u8)];
        return recipient.Contains((byte)'"') || text.IndexOf(" H="u8) >= 0 || text.IndexOf(" T="u8) < 0
            ? default
            : RefusedRecipient.DomainOf(recipient);
    }

    private static ReadOnlySpan<byte> LocalPartOf(ReadOnlySpan<byte> address)
    {
        var at = address.LastIndexOf((byte)'@');
        return at < 0 ? address : address[..at];
    }

    /// <summary>Whether a name is that of a mailbox with something before or behind it.</summary>
    private static bool HasAffix(ReadOnlySpan<byte> name, ReadOnlySpan<byte> mailbox) =>
        name.Length > mailbox.Length && !mailbox.IsEmpty &&
        (Ascii.EqualsIgnoreCase(name[..mailbox.Length], mailbox) || Ascii.EqualsIgnoreCase(name[^mailbox.Length..], mailbox));
}
