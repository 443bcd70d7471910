using System.Net;
using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;
using BlockSmtp.Transactions;

namespace BlockSmtp.Replay;

/// <summary>
/// Counts the messages that were accepted and delivered, by the host that sent them: the <c>from=…, relay=…</c> of a transaction, and a
/// <c>to=…, stat=Sent</c> of the same queue id after it, which another process writes. Bounded: the oldest is forgotten.
/// </summary>
internal sealed class DeliveryCounter(DetectionOptions options)
{
    private const int MostMessages = 65_536;
    private const int MostHosts = 262_144;

    private readonly SyslogLineParser _lines = new(options.SyslogHost, options.SyslogNames);
    private readonly AgingTable<TransactionKey, IPAddress?> _messages = new(MostMessages);
    private readonly AgingTable<HostKey, long> _hosts = new(MostHosts);

    /// <summary>How many messages of a host were delivered.</summary>
    public long Of(IPAddress host)
    {
        ref var count = ref _hosts.Find(HostKey.Of(host));
        return Unsafe.IsNullRef(ref count) ? 0 : count;
    }

    public void Read(in LogChunk chunk)
    {
        foreach (var range in chunk.Lines.Span.Split((byte)'\n'))
            ReadLine(chunk.Lines.Span[range].TrimEnd((byte)'\r'));
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (!_lines.TryParse(line, out var parts))
            return;
        var text = parts.Message;
        var length = QueueId.LengthIn(text);
        if (length == 0)
            return;
        var rest = text[(length + 2)..];
        if (rest.StartsWith("from="u8))
        {
            if (QueueId.TryParse(text[..length], out var id) && RelayText.TryReadLast(rest, out var address) && RelayText.TryParse(address, out var peer))
                _messages.Touch(KeyOf(id, parts.Host), out _, out _) = peer;
        }
        else if (rest.StartsWith("to="u8) && IsSent(rest) && QueueId.TryParse(text[..length], out var id))
        {
            // Each recipient has a line of his own: the message counts with the first.
            ref var peer = ref _messages.Find(KeyOf(id, parts.Host));
            if (Unsafe.IsNullRef(ref peer) || peer is null)
                return;
            _hosts.Touch(HostKey.Of(peer), out _, out _)++;
            peer = null;
        }
    }

    /// <summary>The last of the words is sendmail's; before it stands what the client wrote.</summary>
    private static bool IsSent(ReadOnlySpan<byte> text)
    {
        var at = text.LastIndexOf(", stat="u8);
        return at >= 0 && text[(at + 7)..].StartsWith("Sent"u8);
    }

    /// <summary>The process that delivers is another than the one that accepted.</summary>
    private static TransactionKey KeyOf(in QueueId id, int host) => new(id, 0, host);
}
