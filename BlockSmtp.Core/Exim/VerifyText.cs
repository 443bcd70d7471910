using System.Buffers;
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
        var last = text.LastIndexOf(" H="u8);
        if (last < 0)
            return;
        var ends = ArrayPool<FieldsEnd>.Shared.Rent(text.Length + 1);
        try
        {
            ReadFieldEnds(text, ends);
            Read(text, last, ends, ref read);
        }
        finally
        {
            ArrayPool<FieldsEnd>.Shared.Return(ends);
        }
    }

    private static void Read(ReadOnlySpan<byte> text, int last, ReadOnlySpan<FieldsEnd> ends, ref MailEvent read)
    {
        var (found, foundAt, hasIdent) = (0, 0, false);
        ReadOnlySpan<byte> address = default;
        var name = new OpenParts();
        for (var at = 0; text[at..].IndexOf(" H="u8) is >= 0 and var next; at++)
        {
            at += next;
            if (!HostText.TryRead(text[(at + 1)..], out var named, out var length))
                continue;
            var end = ends[at + 1 + length];
            // Behind the client's ident anything may follow, behind any other nothing but what the look-up of its name has brought.
            if (end.At < text.Length && !(end.HasOwnText ? name.AreNoneIn(text[..at]) : end.At > last && IsOfLookup(text[end.At..])))
                continue;
            hasIdent |= end.HasOwnText;
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

    /// <summary>
    /// Where the fields end that begin at each blank. A name may hold thousands of clients with fields, so that each place is looked at
    /// once, from the end on, and no fields are skipped again and again.
    /// </summary>
    private static void ReadFieldEnds(ReadOnlySpan<byte> text, Span<FieldsEnd> ends)
    {
        ends[text.Length] = new FieldsEnd(text.Length, false);
        for (var at = text.LastIndexOf((byte)' '); at >= 0; at = text[..at].LastIndexOf((byte)' '))
        {
            var length = HostText.FieldLength(text[at..]);
            var next = at + length;
            var isEnd = length == 0 || (next < text.Length && text[next] != ' ');
            var behind = isEnd ? new FieldsEnd(next, false) : ends[next];
            ends[at] = behind with { HasOwnText = behind.HasOwnText || (length > 0 && HostText.IsOwnText(text[at..])) };
        }
    }

    private static bool IsOfLookup(ReadOnlySpan<byte> text) => text.StartsWith(" ("u8) && text.EndsWith(")"u8);

    private readonly record struct FieldsEnd(int At, bool HasOwnText);

    /// <summary>Quotes and comments that a name leaves open, of ever longer pieces of it from its beginning on.</summary>
    private struct OpenParts
    {
        private int _at;
        private int _depth;
        private bool _isQuoted;

        /// <summary>Whether all are closed, as they are in a name that Exim has taken.</summary>
        public bool AreNoneIn(ReadOnlySpan<byte> name)
        {
            for (; _at < name.Length; _at++)
            {
                if (name[_at] == '\\')
                    _at++;
                else if (name[_at] == '"' && _depth == 0)
                    _isQuoted = !_isQuoted;
                else if (!_isQuoted && name[_at] == '(')
                    _depth++;
                else if (!_isQuoted && name[_at] == ')')
                    _depth--;
            }

            return !_isQuoted && _depth == 0;
        }
    }
}
