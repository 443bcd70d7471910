using System.Buffers;

namespace BlockSmtp.Postfix;

/// <summary>
/// Reads how Postfix names a client: <c>host.example[192.0.2.1]</c>, <c>unknown[2001:db8::1]</c>, perhaps with <c>:PORT</c> behind it
/// (smtpd_client_port_logging).
/// </summary>
/// <remarks>
/// The name is that of the DNS, of which Postfix lets through only what can be a host name: no bracket and no space is in it.
/// </remarks>
internal static class ClientText
{
    private static readonly SearchValues<byte> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8);

    /// <summary>Reads the client that <paramref name="text"/> begins with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The client's address between the brackets, not read yet.</param>
    /// <param name="length">How much of <paramref name="text"/> the client's name takes, with its port.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address, out int length)
    {
        address = default;
        length = text.IndexOfAnyExcept(HostCharacters);
        if (length < 0 || text[length] != '[')
            return false;
        var rest = text[(length + 1)..];
        // The longest address has 45 characters.
        var end = rest[..Math.Min(rest.Length, 52)].IndexOf((byte)']');
        if (end <= 0)
            return false;
        address = rest[..end];
        if (address.StartsWith("IPv6:"u8))
            address = address[5..];
        length += end + 2;
        rest = text[length..];
        if (rest.Length > 1 && rest[0] == ':' && rest[1] - (uint)'0' <= 9)
        {
            var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            length += digits < 0 ? rest.Length : digits + 1;
        }

        return true;
    }
}
