using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;

namespace BlockSmtp.Transactions;

/// <summary>
/// Who has brought the messages that were taken of late, so that their deliveries, which another process logs,
/// can be told to be his. Bounded.
/// </summary>
internal sealed class TakenMessages
{
    private const int Most = 65_536;

    private readonly RecentTable<Known> _messages = new(Most);

    /// <summary>
    /// A message: who has brought it, whether this is its first delivery, whether a single recipient was accepted for it, and how many of
    /// its recipients count: no more in all than were accepted.
    /// </summary>
    public readonly record struct Message(HostKey Peer, SenderKind Sender, bool IsFirst, bool IsToOne, int Earns);

    // Small, for there are many of them, and each is looked for in another line than the one before.
    private struct Known
    {
        public PackedHost Peer;
        public SenderKind Sender;
        public bool IsTaken;
        public bool IsDelivered;
        public bool IsToOne;

        // How many deliveries of it count yet.
        public byte Left;
    }

    /// <summary>A message was taken. The process that delivers is another than the one that took it.</summary>
    /// <param name="key">Its transaction.</param>
    /// <param name="peer">Who has brought it.</param>
    /// <param name="sender">Whose it is.</param>
    /// <param name="recipients">How many were accepted for it: so many deliveries count. 0 where that is not known.</param>
    public void Add(in TransactionKey key, in HostKey peer, SenderKind sender, int recipients) => _messages.Set(
        key.Number,
        NearOf(key),
        new Known
        {
            Peer = new PackedHost(peer),
            Sender = sender,
            IsTaken = true,
            IsToOne = recipients == 1,
            Left = (byte)Math.Clamp(recipients, 0, byte.MaxValue),
        });

    /// <summary>A message may be taken from a client.</summary>
    public void Begin(in TransactionKey key, in HostKey peer) =>
        _messages.Set(
            key.Number, NearOf(key), new Known { Peer = new PackedHost(peer), Sender = SenderKind.Unknown, Left = byte.MaxValue });

    /// <summary>A message was taken. False when it is not known who has brought it, or was taken before.</summary>
    public bool TryTake(in TransactionKey key, SenderKind sender, out HostKey peer)
    {
        ref var found = ref _messages.Find(key.Number, NearOf(key));
        peer = default;
        if (Unsafe.IsNullRef(ref found) || found.IsTaken)
            return false;
        (found.Sender, found.IsTaken) = (sender, true);
        peer = found.Peer.ToKey();
        return true;
    }

    /// <summary>Finds a message that is delivered to one of its recipients.</summary>
    /// <param name="key">Its queue id and host; its process does not matter.</param>
    /// <param name="recipients">To how many of them; 0 for who asks for another reason.</param>
    /// <param name="message">The message.</param>
    public bool TryFind(in TransactionKey key, int recipients, out Message message)
    {
        ref var found = ref _messages.Find(key.Number, NearOf(key));
        message = default;
        if (Unsafe.IsNullRef(ref found) || !found.IsTaken)
            return false;
        var earns = Math.Min(recipients, found.Left);
        message = new Message(found.Peer.ToKey(), found.Sender, IsFirst: !found.IsDelivered, found.IsToOne, earns);
        found.Left -= (byte)message.Earns;
        found.IsDelivered |= recipients > 0;
        return true;
    }

    // The ids of one host follow one another; those of another begin elsewhere. What a session brings one after the other is under way at
    // once, and must not push itself out.
    private static uint NearOf(in TransactionKey key) => key.Id.Sequence + (key.Id.Turn * (Most / 32)) + ((uint)key.Host * 0x9E3779B9);
}
