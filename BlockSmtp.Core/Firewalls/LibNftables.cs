using System.Runtime.InteropServices;

namespace BlockSmtp.Firewalls;

/// <summary>The functions of libnftables that are used; libnftables(3), nftables/libnftables.h.</summary>
internal static unsafe partial class LibNftables
{
    public const string Name = "libnftables.so.1";

    public const uint Stateless = 1 << 2; // NFT_CTX_OUTPUT_STATELESS: no counts
    public const uint Json = 1 << 4;      // NFT_CTX_OUTPUT_JSON

    private const int Netlink = 16;          // AF_NETLINK
    private const int Raw = 3;               // SOCK_RAW
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    private const int Netfilter = 12;        // NETLINK_NETFILTER

    /// <summary>
    /// Whether this kernel gives us the socket that the library needs, with the reason if not. Asked beforehand: without
    /// it the library ends the process (__netlink_init_error in its source).
    /// </summary>
    public static bool CanOpenSocket(out string why)
    {
        var socket = OpenSocket(Netlink, Raw | CloseOnExec, Netfilter);
        why = socket < 0 ? Marshal.GetLastPInvokeErrorMessage() : "";
        return socket >= 0 && CloseSocket(socket) == 0;
    }

    [LibraryImport(Name, EntryPoint = "nft_ctx_new")]
    public static partial NftablesHandle New(uint flags);

    [LibraryImport(Name, EntryPoint = "nft_ctx_free")]
    public static partial void Free(nint context);

    [LibraryImport(Name, EntryPoint = "nft_ctx_output_set_flags")]
    public static partial void SetOutputFlags(NftablesHandle context, uint flags);

    [LibraryImport(Name, EntryPoint = "nft_ctx_buffer_output")]
    public static partial int BufferOutput(NftablesHandle context);

    [LibraryImport(Name, EntryPoint = "nft_ctx_buffer_error")]
    public static partial int BufferErrors(NftablesHandle context);

    [LibraryImport(Name, EntryPoint = "nft_ctx_get_output_buffer")]
    public static partial byte* Output(NftablesHandle context);

    [LibraryImport(Name, EntryPoint = "nft_ctx_get_error_buffer")]
    public static partial byte* Errors(NftablesHandle context);

    [LibraryImport(Name, EntryPoint = "nft_run_cmd_from_buffer", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Run(NftablesHandle context, string commands);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseSocket(int socket);
}
