using System.Buffers;
using System.Buffers.Binary;

namespace BlockSmtp.Milter.Protocol;

/// <summary>A packet: four bytes of length, highest first, one of command, and the rest.</summary>
internal static class Packet
{
    public const int HeaderLength = 4;

    /// <summary>Takes a packet off the front of what was received.</summary>
    /// <param name="received">What was received.</param>
    /// <param name="longest">What no packet is longer than.</param>
    /// <param name="command">The command.</param>
    /// <param name="body">What follows it.</param>
    /// <returns>False while a part is missing.</returns>
    /// <exception cref="PacketException">It says that it is longer, or nothing at all. Told by the length alone, before more is waited
    /// for.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> received, int longest, out byte command, out ReadOnlySequence<byte> body)
    {
        (command, body) = (0, default);
        if (received.Length < HeaderLength)
            return false;
        Span<byte> header = stackalloc byte[HeaderLength];
        received.Slice(0, HeaderLength).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length == 0 || length > (uint)longest)
            throw new PacketException($"a packet of {length} bytes");
        if (received.Length < HeaderLength + length)
            return false;
        command = received.Slice(HeaderLength).FirstSpan[0];
        body = received.Slice(HeaderLength + 1, length - 1);
        received = received.Slice(HeaderLength + length);
        return true;
    }

    /// <summary>The first of the texts, each ended by a zero, that a packet is made of.</summary>
    /// <exception cref="PacketException">It has no end.</exception>
    public static ReadOnlyMemory<byte> FirstText(ReadOnlyMemory<byte> body)
    {
        var end = body.Span.IndexOf((byte)0);
        return end >= 0 ? body[..end] : throw new PacketException("a text without an end");
    }
}
