using static BlockSmtp.Firewalls.NftablesMessages;

namespace BlockSmtp.Firewalls;

/// <summary>Takes the attributes of one message.</summary>
internal delegate void NftablesMessageHandler(ReadOnlySpan<byte> attributes);

/// <summary>
/// Reads lists from the kernel itself, piece by piece: of 250,000 elements libnftables makes 300 MB and takes seconds, and it (1.0.6)
/// fetches them also where it lists a table without them.
/// </summary>
internal sealed class NftablesReader(NetfilterSocket socket)
{
    private const int BufferSize = 64 * 1024;

    // Somebody who changes rules of his own all the time need not keep us from reading ours.
    private const int MostAttempts = 5;

    /// <summary>Asks for a list.</summary>
    /// <param name="get">What is asked for: one of the kernel's GET messages.</param>
    /// <param name="ask">Adds the attributes that say whose.</param>
    /// <param name="begin">Is called before the first message, and again where all is read anew.</param>
    /// <param name="take">Takes each.</param>
    /// <exception cref="FirewallException">The kernel refuses it.</exception>
    public void Read(ushort get, Action<NftablesMessageWriter> ask, Action begin, NftablesMessageHandler take)
    {
        var request = new NftablesMessageWriter();
        request.Begin(get, Request | Dump, Inet);
        ask(request);
        request.End();
        var buffer = new byte[BufferSize];
        for (var attempt = 1; ; attempt++)
        {
            begin();
            socket.Write(request.Written);
            if (!ReadAnswer(buffer, take) || attempt == MostAttempts)
                return;
        }
    }

    /// <summary>Reads messages up to the last one; none where it is not there.</summary>
    /// <returns>Whether rules were changed meanwhile, so that something may be missing.</returns>
    private bool ReadAnswer(byte[] buffer, NftablesMessageHandler take)
    {
        var wasInterrupted = false;
        while (true)
        {
            ReadOnlySpan<byte> received = buffer.AsSpan(0, socket.Read(buffer));
            while (received.Length >= HeaderSize)
            {
                var length = BitConverter.ToInt32(received);
                if (length < HeaderSize || length > received.Length)
                    throw new FirewallException("nftables: the kernel answers in a form that is not known: "
                        + "look at the rules with nft list ruleset, or use another firewall");
                var type = BitConverter.ToUInt16(received[4..]);
                var message = received[HeaderSize..length];
                wasInterrupted |= (BitConverter.ToUInt16(received[6..]) & WasInterrupted) != 0;
                if (type is Error or Done)
                {
                    var error = message.Length >= 4 ? -BitConverter.ToInt32(message) : 0;
                    return error is 0 or NotThere ? wasInterrupted : throw NetfilterSocket.Failed(error);
                }

                if (message.Length >= FamilySize)
                    take(message[FamilySize..]);
                received = received[Math.Min(Aligned(length), received.Length)..];
            }
        }
    }
}
