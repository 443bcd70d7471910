using System.Buffers;
using System.Net;
using BlockSmtp.Addresses;

namespace BlockSmtp.Sendmail;

/// <summary>
/// Reads how sendmail names a client: <c>host.example [192.0.2.1]</c>, <c>[192.0.2.1]</c>, <c>[IPv6:2001:db8:0:0:0:0:0:1]</c>,
/// each perhaps followed by <c> (may be forged)</c>, and with what the client's ident daemon has said before it (Timeout.ident):
/// <c>joe@[192.0.2.1]</c>, <c>IDENT:joe@host.example [192.0.2.1]</c>, <c>@[192.0.2.1]</c>.
/// </summary>
/// <remarks>
/// <para>
/// The characters of the host name are what keeps injected text out: with "anything but a space" in their place the line
/// <c>Q: &lt;"mx.example [198.51.100.10]: Possible SMTP RCPT flood, throttling."@example.org&gt;... User unknown</c>
/// would name a bystander (docs/sendmail.md).</para>
/// <para>
/// What an ident daemon says is the client's, but sendmail lets through only characters of an atom (cleanstrcpy): no space, no bracket, no
/// colon, no comma and no second <c>@</c>. So the first <c>@</c> ends it, and an address, which needs a bracket, stands behind it. A
/// recipient without angle brackets may begin like a client, <c>joe@[198.51.100.10]</c>, but not go on like one: behind the bracket a
/// client has a colon and a space, or a space, and there a recipient cannot have one.
/// </para>
/// </remarks>
internal static class RelayText
{
    private static readonly SearchValues<byte> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8);

    // What cleanstrcpy of sendmail keeps.
    private static readonly SearchValues<byte> IdentCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-./^_`{|}~"u8);

    // What a recipient needs for a space in it, and what divides the parts of sendmail's own lines.
    private static readonly SearchValues<byte> NotInOdd = SearchValues.Create("<>()\"=,:;"u8);

    // Where the daemon has said that it is a name of another kind (OTHER).
    private static ReadOnlySpan<byte> Ident => "IDENT:"u8;

    private static ReadOnlySpan<byte> Forged => " (may be forged)"u8;

    /// <summary>Reads the client that <paramref name="text"/> begins with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The client's address between the brackets, not read yet.</param>
    /// <param name="length">How much of <paramref name="text"/> the client's name takes.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address, out int length)
    {
        address = default;
        // Many a client has no name.
        length = HostLength(text);
        if (length < 0)
            return false;
        // Behind the name of a host is a space, which is in nothing that an ident daemon has said.
        var ident = length > 0 && text[length] == ' ' ? 0 : IdentLength(text);
        if (ident > 0)
        {
            text = text[ident..];
            length = HostLength(text);
        }

        if (length < 0)
            return false;
        if (length > 0)
        {
            if (text[length] != ' ')
                return false;
            length++;
        }

        var rest = text[length..];
        if (rest.IsEmpty || rest[0] != '[')
            return false;
        rest = rest[1..];
        length++;
        if (rest.StartsWith("IPv6:"u8))
        {
            rest = rest[5..];
            length += 5;
        }

        // The longest address has 45 characters.
        var end = rest[..Math.Min(rest.Length, 46)].IndexOf((byte)']');
        if (end <= 0)
            return false;
        address = rest[..end];
        length += end + 1;
        if (rest[(end + 1)..].StartsWith(Forged))
            length += Forged.Length;
        length += ident;
        return true;
    }

    /// <summary>
    /// How much of a text a client takes whose name has a character that no name of a host has, as files, LDAP and NIS may let through
    /// (<c>a/b*c.example [192.0.2.1]</c>); 0 for none. What stands in the brackets is not to be believed.
    /// </summary>
    public static int LengthOfOdd(ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        if (space <= 0 || text[..space].IndexOfAny(NotInOdd) >= 0 || !text[space..].StartsWith(" ["u8))
            return 0;
        var end = text[space..].IndexOf((byte)']');
        if (end < 0)
            return 0;
        var length = space + end + 1;
        return text[length..].StartsWith(Forged) ? length + Forged.Length : length;
    }

    /// <summary>Reads a client that <paramref name="text"/> consists of, from end to end.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address) =>
        TryRead(text, out address, out var length) && length == text.Length;

    /// <summary>
    /// Reads the client at the end of a line such as <c>from=…, relay=host [192.0.2.1]</c>: the last <c>, relay=</c>
    /// is sendmail's, whatever a client put before it.
    /// </summary>
    public static bool TryReadLast(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address)
    {
        address = default;
        // No client's name has this sign: behind the last one that names a relay there is none.
        var at = text.LastIndexOf((byte)'=') + 1;
        // A template of syslog may end lines with a space.
        return text[..at].EndsWith(", relay="u8) && TryReadWhole(text[at..].TrimEnd((byte)' '), out address);
    }

    /// <summary>Reads the address between the brackets.</summary>
    public static bool TryParse(ReadOnlySpan<byte> address, out IPAddress peer) => AddressText.TryParse(address, out peer);

    /// <summary>How long the name of the host is that a text begins with; -1 where the text ends in it.</summary>
    private static int HostLength(ReadOnlySpan<byte> text) => !text.IsEmpty && text[0] == '[' ? 0 : text.IndexOfAnyExcept(HostCharacters);

    /// <summary>How long <c>user@</c> is; 0 where no ident daemon was asked or has answered.</summary>
    private static int IdentLength(ReadOnlySpan<byte> text)
    {
        var start = text.StartsWith(Ident) ? Ident.Length : 0;
        var length = text[start..].IndexOfAnyExcept(IdentCharacters);
        return length >= 0 && text[start + length] == '@' ? start + length + 1 : 0;
    }
}
