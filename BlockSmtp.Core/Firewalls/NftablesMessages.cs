using Mono.Unix.Native;

namespace BlockSmtp.Firewalls;

/// <summary>What messages to and from nf_tables are made of (linux/netlink.h, linux/netfilter/nfnetlink.h and nf_tables.h).</summary>
internal static class NftablesMessages
{
    public const int HeaderSize = 16;               // struct nlmsghdr
    public const int FamilySize = 4;                // struct nfgenmsg
    public const int AttributeSize = 4;             // struct nlattr

    public const ushort Error = 2;                  // NLMSG_ERROR
    public const ushort Done = 3;                   // NLMSG_DONE
    public const ushort BatchBegin = 16;            // NFNL_MSG_BATCH_BEGIN
    public const ushort BatchEnd = 17;              // NFNL_MSG_BATCH_END
    public const ushort GetTables = Nftables << 8 | 1;       // NFT_MSG_GETTABLE
    public const ushort GetChains = Nftables << 8 | 4;       // NFT_MSG_GETCHAIN
    public const ushort GetRules = Nftables << 8 | 7;        // NFT_MSG_GETRULE
    public const ushort GetSets = Nftables << 8 | 10;        // NFT_MSG_GETSET
    public const ushort NewElements = Nftables << 8 | 12;    // NFT_MSG_NEWSETELEM
    public const ushort GetElements = Nftables << 8 | 13;    // NFT_MSG_GETSETELEM
    public const ushort DeleteElements = Nftables << 8 | 14; // NFT_MSG_DELSETELEM
    public const ushort GetGeneration = Nftables << 8 | 16;  // NFT_MSG_GETGEN

    public const ushort Request = 1;                // NLM_F_REQUEST
    public const ushort Acknowledge = 4;            // NLM_F_ACK
    public const ushort WasInterrupted = 0x10;      // NLM_F_DUMP_INTR
    public const ushort Dump = 0x300;               // NLM_F_DUMP
    public const ushort Create = 0x400;             // NLM_F_CREATE

    public const ushort Nftables = 10;              // NFNL_SUBSYS_NFTABLES
    public const byte Inet = 1;                     // NFPROTO_INET

    public const ushort Nested = 0x8000;            // NLA_F_NESTED
    public const ushort TypeMask = 0x3fff;          // NLA_TYPE_MASK
    public const ushort Table = 1;                  // NFTA_SET_ELEM_LIST_TABLE
    public const ushort Set = 2;                    // NFTA_SET_ELEM_LIST_SET
    public const ushort Elements = 3;               // NFTA_SET_ELEM_LIST_ELEMENTS
    public const ushort Element = 1;                // NFTA_LIST_ELEM
    public const ushort Key = 1;                    // NFTA_SET_ELEM_KEY
    public const ushort Timeout = 4;                // NFTA_SET_ELEM_TIMEOUT
    public const ushort Value = 1;                  // NFTA_DATA_VALUE

    public const int NotPermitted = (int)Errno.EPERM;
    public const int NotThere = (int)Errno.ENOENT;
    public const int Interrupted = (int)Errno.EINTR;
    public const int WouldWait = (int)Errno.EAGAIN;
    public const int NoRoom = (int)Errno.ENOBUFS;

    /// <summary>Where what follows begins.</summary>
    public static int Aligned(int length) => (length + 3) & ~3;
}
