using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// Asks the kernel over and over whether an expected address is in an ipset, for it announces no changes of its sets: IPSET_CMD_TEST
/// of linux/netfilter/ipset/ip_set.h, some microseconds each. What it sees is late by up to the time between two rounds.
/// </summary>
internal sealed partial class SetWatch : IRuleWatch
{
    private const int Netlink = 16, RawCloseOnExec = 3 | 0x80000, NetlinkNetfilter = 12;
    private const ushort IpsetTest = (6 << 8) | 11, Request = 1, Acknowledge = 4, Nested = 0x8000, NetworkOrder = 0x4000;
    private const ushort Protocol = 1, SetName = 2, Data = 7, Ip = 1, IPv4 = 1;

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMicroseconds(100);

    private readonly string _set;
    private readonly int _socket;
    private readonly Thread _thread;
    private readonly ConcurrentDictionary<IPAddress, long> _seen = new();
    private readonly ConcurrentDictionary<IPAddress, byte> _expected = new();
    private readonly AutoResetEvent _news = new(false);
    private volatile bool _stop;

    /// <param name="set">The set of single IPv4 addresses.</param>
    public SetWatch(string set)
    {
        _set = set;
        _socket = OpenSocket(Netlink, RawCloseOnExec, NetlinkNetfilter);
        if (_socket < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        _thread = new Thread(Ask) { IsBackground = true, Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public void Expect(IPAddress address) => _expected.TryAdd(address, 0);

    public long? SeenAt(IPAddress address) => _seen.TryGetValue(address, out var time) ? time : null;

    public bool Await(IPAddress address, TimeSpan patience)
    {
        Expect(address);
        var start = Stopwatch.GetTimestamp();
        while (SeenAt(address) is null)
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
                return false;
            _news.WaitOne(50);
        }

        return true;
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _ = Close(_socket);
        _news.Dispose();
    }

    private void Ask()
    {
        while (!_stop)
        {
            foreach (var (address, _) in _expected)
            {
                if (!IsInSet(address))
                    continue;
                _seen.TryAdd(address, Stopwatch.GetTimestamp());
                _expected.TryRemove(address, out _);
                _news.Set();
            }

            Thread.Sleep(BetweenRounds);
        }
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
        var answer = new byte[512];
        // NLMSG_ERROR with no error is yes; IPSET_ERR_EXIST is no, and so is a set that is not there yet.
        return Send(_socket, bytes, bytes.Length, 0) == bytes.Length && Receive(_socket, answer, answer.Length, 0) >= 20 &&
            BinaryPrimitives.ReadUInt16LittleEndian(answer.AsSpan(4)) == 2 && BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(16)) == 0;
    }

    private static void Add(List<byte> to, int type, byte[] value)
    {
        var length = value.Length + 4;
        to.AddRange([(byte)length, (byte)(length >> 8), (byte)type, (byte)(type >> 8), .. value]);
        to.AddRange(new byte[-value.Length & 3]);
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int socket, byte[] buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int socket, byte[] buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int socket);
}
