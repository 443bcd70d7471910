using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace BlockSmtp.Control;

/// <summary>Who is at the other end of a Unix socket, as the kernel says.</summary>
/// <param name="User">His user id when he connected.</param>
/// <param name="Group">His group id.</param>
internal readonly partial record struct ControlPeer(uint User, uint Group)
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int Credentials = 17; // SO_PEERCRED
    private const int Groups = 59; // SO_PEERGROUPS
    private const int MostGroups = 65_536; // NGROUPS_MAX

    public static ControlPeer Of(Socket socket)
    {
        // struct ucred: process, user, group.
        Span<uint> found = stackalloc uint[3];
        socket.GetRawSocketOption(SocketLevel, Credentials, MemoryMarshal.AsBytes(found));
        return new ControlPeer(found[1], found[2]);
    }

    /// <summary>Whether he may ask: root, whoever runs this program, and the members of a group.</summary>
    public bool MayAsk(Socket socket, uint? group) =>
        User == 0 || User == EffectiveUser() || (group is { } members && (Group == members || IsIn(socket, members)));

    private static bool IsIn(Socket socket, uint group)
    {
        var found = new uint[MostGroups];
        var length = socket.GetRawSocketOption(SocketLevel, Groups, MemoryMarshal.AsBytes(found.AsSpan()));
        return found.AsSpan(0, length / sizeof(uint)).Contains(group);
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
