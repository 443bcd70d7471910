using System.Runtime.InteropServices;

namespace BlockSmtp.Firewalls;

/// <summary>The functions of libnftables that are used; libnftables(3), nftables/libnftables.h.</summary>
internal static unsafe partial class LibNftables
{
    public const string Name = "libnftables.so.1";

    [LibraryImport(Name, EntryPoint = "nft_ctx_new")]
    public static partial NftablesHandle New(uint flags);

    [LibraryImport(Name, EntryPoint = "nft_ctx_free")]
    public static partial void Free(nint context);

    [LibraryImport(Name, EntryPoint = "nft_ctx_buffer_error")]
    public static partial int BufferErrors(NftablesHandle context);

    [LibraryImport(Name, EntryPoint = "nft_ctx_get_error_buffer")]
    public static partial byte* Errors(NftablesHandle context);

    [LibraryImport(Name, EntryPoint = "nft_run_cmd_from_buffer", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Run(NftablesHandle context, string commands);
}
