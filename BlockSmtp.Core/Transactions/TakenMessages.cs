using System.Net;
using System.Runtime.CompilerServices;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;

namespace BlockSmtp.Transactions;

/// <summary>Who has brought the messages that were taken of late, so that their deliveries, which another process logs, can be told to be his. Bounded.</summary>
internal sealed class TakenMessages
{
    private const int Most = 65_536;

    private readonly AgingTable<TransactionKey, Message> _messages = new(Most);

    /// <summary>A message, and whether this is its first delivery.</summary>
    public record struct Message(IPAddress Peer, SenderKind Sender, bool IsFirst, bool IsTaken = true);

    /// <summary>A message was taken. The process that delivers is another than the one that took it.</summary>
    public void Add(in TransactionKey key, IPAddress peer, SenderKind sender) =>
        _messages.Touch(new TransactionKey(key.Id, 0, key.Host), out _, out _) = new Message(peer, sender, IsFirst: true);

    /// <summary>A message may be taken from a client.</summary>
    public void Begin(in TransactionKey key, IPAddress peer) =>
        _messages.Touch(key, out _, out _) = new Message(peer, SenderKind.Unknown, IsFirst: true, IsTaken: false);

    /// <summary>A message was taken. False when it is not known who has brought it, or was taken before.</summary>
    public bool TryTake(in TransactionKey key, SenderKind sender, out IPAddress peer)
    {
        ref var found = ref _messages.Find(key);
        peer = IPAddress.None;
        if (Unsafe.IsNullRef(ref found) || found.IsTaken)
            return false;
        (found.Sender, found.IsTaken) = (sender, true);
        peer = found.Peer;
        return true;
    }

    /// <summary>Finds a message that is delivered to one of its recipients.</summary>
    /// <param name="key">Its queue id and host, without a process.</param>
    /// <param name="message">The message.</param>
    public bool TryFind(in TransactionKey key, out Message message)
    {
        ref var found = ref _messages.Find(key);
        message = Unsafe.IsNullRef(ref found) ? default : found;
        if (message.Peer is null || !message.IsTaken)
            return false;
        found.IsFirst = false;
        return true;
    }
}
