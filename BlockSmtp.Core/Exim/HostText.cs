using System.Buffers;

namespace BlockSmtp.Exim;

/// <summary>
/// Reads how Exim names a client: <c>H=[192.0.2.1]</c>, <c>H=(helo) [192.0.2.1]</c>, <c>H=host.example [192.0.2.1]</c>, <c>H=host.example
/// (helo) [192.0.2.1]</c>, perhaps with <c>:PORT</c> behind it (<c>log_selector = +incoming_port</c>).
/// </summary>
/// <remarks>
/// What the client has said after HELO stands in round brackets before the address. Exim takes no blank in it, and square brackets only
/// around an address, unless <c>helo_accept_junk_hosts</c> names the client.
/// </remarks>
internal static class HostText
{
    // DMARC and SPF.
    private const int LongestName = 6;

    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" []()"u8);

    private static readonly SearchValues<byte> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Reads the client that a text begins with.</summary>
    /// <param name="text">The text, with <c>H=</c>.</param>
    /// <param name="address">The client's address, not read yet.</param>
    /// <param name="length">How much of the text the client takes.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address, out int length)
    {
        address = default;
        length = 0;
        if (!text.StartsWith("H="u8))
            return false;
        var at = 2;
        if (at < text.Length && text[at] is not ((byte)'(' or (byte)'['))
        {
            var name = text[at..].IndexOfAny(NameEnds);
            if (name <= 0 || text[at + name] != ' ')
                return false;
            at += name + 1;
        }

        if (at < text.Length && text[at] == '(')
        {
            // A blank in it would be one of the client's.
            var end = text[at..].IndexOf((byte)' ') - 1;
            if (end < 0 || !text[(at + end)..].StartsWith(") ["u8))
                return false;
            at += end + 2;
        }

        if (at >= text.Length || text[at] != '[')
            return false;
        var rest = text[(at + 1)..];
        var close = rest[..Math.Min(rest.Length, 46)].IndexOf((byte)']');
        if (close <= 0)
            return false;
        address = rest[..close];
        length = at + close + 2;
        rest = text[length..];
        if (rest.Length > 1 && rest[0] == ':' && rest[1] - (uint)'0' <= 9)
        {
            var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            length += digits < 0 ? rest.Length : digits + 1;
        }

        return length == text.Length || text[length] == ' ';
    }

    /// <summary>
    /// Skips what Exim adds behind a client, such as <c> I=[192.0.2.25]:25</c>, <c> X=TLS1.3:…</c>, <c> CV=no</c>, <c> A=login:joe</c>, <c>
    /// SNI="…"</c>, <c> DS</c>, up to the sender.
    /// </summary>
    /// <param name="text">What follows a client or a sender.</param>
    /// <param name="hasOwnText">Whether one of them is the client's own text, which may hold blanks and so may not end there.</param>
    public static ReadOnlySpan<byte> SkipFields(ReadOnlySpan<byte> text, out bool hasOwnText)
    {
        hasOwnText = false;
        while (FieldLength(text) is > 0 and var length)
        {
            hasOwnText |= IsOwnText(text);
            text = text[length..];
        }

        return text;
    }

    /// <summary>Whether a field is an ident, an account, or what is in a certificate and before one.</summary>
    public static bool IsOwnText(ReadOnlySpan<byte> field) =>
        field.StartsWith(" U="u8) || field.StartsWith(" A="u8) || field.StartsWith(" DN="u8) || field.StartsWith(" SNI="u8);

    private static bool IsMark(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("DS"u8) || word.SequenceEqual("TFO"u8) || word.SequenceEqual("K"u8) || word.SequenceEqual("L"u8) ||
        word.SequenceEqual("L*"u8);

    /// <summary>How long the field is that a text begins with, with the blank before it; 0 where it begins with none.</summary>
    public static int FieldLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != ' ' || text.StartsWith(" F="u8))
            return 0;
        var word = text[1..].IndexOf((byte)' ');
        word = word < 0 ? text.Length : word + 1;
        if (IsMark(text[1..word]))
            return word;
        // Ci, of a connection, has a small letter.
        var name = text[1..word].IndexOf((byte)'=');
        if (name is < 1 or > LongestName || text[1] is not (>= (byte)'A' and <= (byte)'Z') ||
            text.Slice(1, name).IndexOfAnyExcept(Letters) >= 0)
            return 0;
        var valueAt = name + 2;
        if (valueAt >= text.Length || text[valueAt] != '"')
            return word;
        for (var at = valueAt + 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '"')
                return at + 1;
        }

        return text.Length;
    }
}
