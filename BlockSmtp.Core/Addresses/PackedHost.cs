using System.Runtime.InteropServices;

namespace BlockSmtp.Addresses;

/// <summary>The <see cref="HostKey"/> of a single host in little room.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct PackedHost(HostKey host)
{
    private readonly ulong _high = host.High;
    private readonly ulong _low = host.Low;
    private readonly bool _isIPv4 = host.IsIPv4;

    public HostKey ToKey() => _isIPv4 ? HostKey.OfIPv4((uint)(_high >> 32)) : HostKey.OfIPv6(_high, _low);
}
