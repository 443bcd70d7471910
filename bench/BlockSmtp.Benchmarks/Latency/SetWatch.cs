using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// Asks the kernel over and over whether an expected address is in an ipset, for it announces no changes of its sets: IPSET_CMD_TEST
/// of linux/netfilter/ipset/ip_set.h, some microseconds each. What it sees is late by up to the time between two rounds.
/// </summary>
internal sealed partial class SetWatch : KernelWatch
{
    private const ushort IpsetTest = (6 << 8) | 11, Request = 1, Acknowledge = 4, Nested = 0x8000, NetworkOrder = 0x4000;
    private const ushort Protocol = 1, SetName = 2, Data = 7, Ip = 1, IPv4 = 1;

    private const uint MicrosecondsBetweenRounds = 100;

    private readonly string _set;
    private readonly ConcurrentDictionary<IPAddress, byte> _expected = new();
    private readonly byte[] _answer = new byte[512];

    /// <param name="set">The set of single IPv4 addresses.</param>
    public SetWatch(string set)
    {
        _set = set;
        Start();
    }

    public override void Expect(IPAddress address) => _expected.TryAdd(address, 0);

    protected override void Look()
    {
        foreach (var (address, _) in _expected)
        {
            if (!IsInSet(address))
                continue;
            Saw(Word(address), Stopwatch.GetTimestamp());
            _expected.TryRemove(address, out _);
        }

        // Thread.Sleep knows milliseconds only.
        _ = Sleep(MicrosecondsBetweenRounds);
    }

    private bool IsInSet(IPAddress address)
    {
        // struct nlmsghdr and struct nfgenmsg, then the attributes.
        var message = new List<byte>(new byte[20]) { [4] = IpsetTest & 0xff, [5] = IpsetTest >> 8, [6] = Request | Acknowledge, [16] = 2 };
        Add(message, Protocol, [6]);
        Add(message, SetName, [.. Encoding.ASCII.GetBytes(_set), 0]);
        List<byte> ip = [], data = [];
        Add(ip, IPv4 | NetworkOrder, address.GetAddressBytes());
        Add(data, Ip | Nested, [.. ip]);
        Add(message, Data | Nested, [.. data]);
        var bytes = message.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        if (Send(Socket, bytes, bytes.Length, 0) != bytes.Length)
            return false;
        // NLMSG_ERROR with no error is yes; IPSET_ERR_EXIST is no, and so is a set that is not there yet.
        var answer = Receive(_answer);
        return answer.Length >= 20
            && BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) == 2
            && BinaryPrimitives.ReadInt32LittleEndian(answer[16..]) == 0;
    }

    private static void Add(List<byte> to, int type, byte[] value)
    {
        var length = value.Length + 4;
        to.AddRange([(byte)length, (byte)(length >> 8), (byte)type, (byte)(type >> 8), .. value]);
        to.AddRange(new byte[-value.Length & 3]);
    }

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int socket, byte[] buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
