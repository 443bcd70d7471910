using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace BlockSmtp.Sockets;

/// <summary>Who is at the other end of a Unix socket, as the kernel says.</summary>
/// <param name="User">His user id when he connected.</param>
/// <param name="Group">His group id.</param>
internal readonly unsafe partial record struct SocketPeer(uint User, uint Group)
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int Credentials = 17; // SO_PEERCRED
    private const int Groups = 59; // SO_PEERGROUPS
    private const int LongestEntry = 16 * 1024;
    private const int MostGroups = 65_536; // NGROUPS_MAX

    /// <summary>The user's name, or his number where nobody knows it.</summary>
    public string Name
    {
        get
        {
            // struct passwd begins with the name, and has less than 64 bytes.
            var entry = stackalloc nint[8];
            var texts = stackalloc byte[LongestEntry];
            return UserOf(User, entry, texts, LongestEntry, out var found) == 0 && found != 0
                && Marshal.PtrToStringUTF8(entry[0]) is { Length: > 0 } name
                ? name
                : User.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Who it was. Of root, who may say so, on whose behalf.</summary>
    public string NameFor(string? other) => User == 0 && other is not null && other != Name ? $"{other} as {Name}" : Name;

    public static SocketPeer Of(Socket socket)
    {
        // struct ucred: process, user, group.
        Span<uint> found = stackalloc uint[3];
        socket.GetRawSocketOption(SocketLevel, Credentials, MemoryMarshal.AsBytes(found));
        return new SocketPeer(found[1], found[2]);
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

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int UserOf(uint user, nint* entry, byte* texts, nuint length, out nint found);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
