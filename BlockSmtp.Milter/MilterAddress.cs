using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Sockets;

namespace BlockSmtp.Milter;

/// <summary>Where a milter listens, in the words of sendmail's <c>INPUT_MAIL_FILTER</c> and Postfix's <c>smtpd_milters</c>.</summary>
public static class MilterAddress
{
    /// <summary>Reads <c>unix:PATH</c> (or <c>local:</c>), <c>inet:PORT@ADDRESS</c> (or <c>inet6:</c>), or Postfix's
    /// <c>inet:ADDRESS:PORT</c>. No name is looked up.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">A <see cref="UnixDomainSocketEndPoint"/> or an <see cref="IPEndPoint"/>.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EndPoint? address)
    {
        address = null;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 0)
            return false;
        var place = text![(colon + 1)..];
        address = text[..colon] switch
        {
            "unix" or "local" when place.StartsWith('/') && !place.Contains('\0') && !UnixSockets.IsTooLong(place) =>
                new UnixDomainSocketEndPoint(place),
            "inet" or "inet6" => place.Contains('@') ? WithPortFirst(place) : WithPortLast(place),
            _ => null,
        };
        return address is not null;
    }

    /// <summary>As sendmail writes it.</summary>
    /// <param name="address">A <see cref="UnixDomainSocketEndPoint"/> or an <see cref="IPEndPoint"/>.</param>
    /// <returns>The text.</returns>
    public static string Show(EndPoint address) => address switch
    {
        IPEndPoint { AddressFamily: AddressFamily.InterNetwork } ip =>
            string.Create(CultureInfo.InvariantCulture, $"inet:{ip.Port}@{ip.Address}"),
        IPEndPoint ip => string.Create(CultureInfo.InvariantCulture, $"inet6:{ip.Port}@{ip.Address}"),
        null => throw new ArgumentNullException(nameof(address)),
        _ => $"unix:{address}",
    };

    private static IPEndPoint? WithPortFirst(string place)
    {
        var at = place.IndexOf('@', StringComparison.Ordinal);
        return Of(place[(at + 1)..], place[..at]);
    }

    private static IPEndPoint? WithPortLast(string place)
    {
        var colon = place.LastIndexOf(':');
        return colon < 0 ? null : Of(place[..colon], place[(colon + 1)..]);
    }

    private static IPEndPoint? Of(string host, string port)
    {
        host = host == "localhost" ? "127.0.0.1" : host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        // "8899" alone would be the address 0.0.34.195.
        if (!IPAddress.TryParse(host, out var address)
            || host.Contains('%')
            || !(host.Contains(':') || host.Count(letter => letter == '.') == 3))
            return null;
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new IPEndPoint(address, number)
            : null;
    }
}
