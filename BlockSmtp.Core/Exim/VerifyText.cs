using BlockSmtp.Grammars;

namespace BlockSmtp.Exim;

/// <summary>
/// What Exim says of VRFY: <c>VRFY failed for NAME H=…</c>. The client's text comes first and is whole; its ident may stand at the end.
/// </summary>
internal static class VerifyText
{
    /// <summary>Reads what follows the fixed words.</summary>
    public static void Read(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        read.Kind = MailEventKind.Ambiguous;
        var (found, foundAt, hasIdent) = (0, 0, false);
        ReadOnlySpan<byte> address = default;
        for (var at = 0; text[at..].IndexOf(" H="u8) is >= 0 and var next; at++)
        {
            at += next;
            if (!HostText.TryRead(text[(at + 1)..], out var named, out var length))
                continue;
            var rest = HostText.SkipFields(text[(at + 1 + length)..], out var isIdent);
            // Behind the client's ident anything may follow, behind any other nothing but what the look-up of its name has brought.
            if (!rest.IsEmpty && !(isIdent ? IsWhole(text[..at]) : IsOfLookup(rest)))
                continue;
            hasIdent |= isIdent;
            // Without an ident the last is Exim's.
            address = named;
            (foundAt, found) = (at, found + 1);
        }

        if (found == 0 || (found > 1 && hasIdent))
            return;
        read.Kind = MailEventKind.Probe;
        read.Text = address;
        read.Recipient = text[..foundAt];
    }

    private static bool IsOfLookup(ReadOnlySpan<byte> text) =>
        text.StartsWith(" ("u8) && text.EndsWith(")"u8) && text.IndexOf(" H="u8) < 0;

    /// <summary>Whether all quotes and comments are closed, as they are in a name that Exim has taken.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> name)
    {
        var (isQuoted, depth) = (false, 0);
        for (var at = 0; at < name.Length; at++)
        {
            if (name[at] == '\\')
                at++;
            else if (name[at] == '"' && depth == 0)
                isQuoted = !isQuoted;
            else if (!isQuoted && name[at] == '(')
                depth++;
            else if (!isQuoted && name[at] == ')')
                depth--;
        }

        return !isQuoted && depth == 0;
    }
}
