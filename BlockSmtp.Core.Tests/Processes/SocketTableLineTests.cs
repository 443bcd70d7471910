using System.Net;
using System.Text;
using BlockSmtp.Processes;
using CsCheck;

namespace BlockSmtp.Tests.Processes;

[TestFixture]
internal sealed class SocketTableLineTests
{
    private const string Rest = "00000000:00000000 02:0000B1B2 00000000     0        0 103979 2 0000000000000000 20 4 1 10 -1";

    [TestCase("C80A640A:0019 3D7100CB:C91D 01", "10.100.10.200", "203.0.113.61", 51485)]
    [TestCase("B80D0120000000000000000025000000:0019 B80D01200000000000000000FE000A00:D935 01", "2001:db8::25", "2001:db8::a:fe", 55605)]
    [TestCase("0000000000000000FFFF0000C80A640A:0019 0000000000000000FFFF0000CA7100CB:BFD3 08", "10.100.10.200", "203.0.113.202", 49107)]
    public void A_connection_is_read(string ends, string local, string peer, int peerPort)
    {
        SocketTableLine.TryParse(Encoding.ASCII.GetBytes("   1: " + ends + " " + Rest), out var line).Should().BeTrue();

        line.Local.Should().Be(new TcpEnd(TcpEnd.AddressOf(IPAddress.Parse(local)), 25));
        line.Peer.ToAddress().Should().Be(IPAddress.Parse(peer));
        line.Peer.Port.Should().Be((ushort)peerPort);
        line.Socket.Should().Be(103979);
        line.IsConnected.Should().BeTrue();
        line.IsListening.Should().BeFalse();
    }

    [Test]
    public void A_listener_is_read()
    {
        SocketTableLine.TryParse(Encoding.ASCII.GetBytes("10000: C80A640A:0019 00000000:0000 0A " + Rest), out var line).Should().BeTrue();

        line.IsListening.Should().BeTrue();
        line.IsConnected.Should().BeFalse();
    }

    [TestCase("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode")]
    [TestCase("")]
    [TestCase("   1: C80A640A:0019 3D7100CB:C91D 01 00000000:00000000 02:0000B1B2 00000000     0        0")]
    [TestCase("   1: C80A64:0019 3D7100CB:C91D 01 " + Rest)]
    [TestCase("   1: C80A64ZZ:0019 3D7100CB:C91D 01 " + Rest)]
    public void Anything_else_is_no_connection(string text) =>
        SocketTableLine.TryParse(Encoding.ASCII.GetBytes(text), out _).Should().BeFalse();

    [Test]
    public void Any_bytes_are_borne() =>
        Gen.OneOf(Gen.Byte, Gen.Const((byte)' '), Gen.Const((byte)':'), Gen.Const((byte)'0')).Array[0, 200]
            .Sample(bytes => SocketTableLine.TryParse(bytes, out _) || bytes.Length <= 200);
}
