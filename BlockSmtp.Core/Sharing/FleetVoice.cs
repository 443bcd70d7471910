using System.Net;
using System.Numerics;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;
using BlockSmtp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Sharing;

/// <summary>Tells the fleet what is decided and seen here, and nothing that came from it: else a word would go round for ever.</summary>
/// <remarks>
/// A host that delivers mail here is judged here alone, as a large sender's mistakes would weigh everywhere and its deliveries only where
/// they were made. So once an hour the others are told that it delivers, and not what it does wrong. In turn, like all that decides.
/// </remarks>
internal sealed class FleetVoice(IFleet fleet, TimeProvider time, ILogger logger)
{
    private const int MostDelivering = 65_536;
    private static readonly TimeSpan DeliversFor = TimeSpan.FromDays(7);
    private static readonly TimeSpan SaidFor = TimeSpan.FromHours(1);

    private readonly AgingTable<HostKey, Delivering> _delivering = new(MostDelivering);
    private long _failures;

    private struct Delivering
    {
        public DateTimeOffset Last;
        public DateTimeOffset SaidAt;
    }

    /// <summary>A block is in force, by a decision or since an earlier run.</summary>
    public void OnBlocked(Block block)
    {
        if (block.Node is not null)
            return;
        Say(new FleetWord("", FleetWordKind.Block, block.Network)
        {
            Left = block.Until - time.GetUtcNow(),
            Offenses = block.Offenses,
            Reason = block.Reason,
        });
    }

    /// <summary>A block has ended. That its time is over others know; that one is trusted here, or too many, is nothing to them.</summary>
    public void OnReleased(Block block, ReleaseReason reason)
    {
        var isUnfounded = reason == ReleaseReason.Unfounded;
        if (reason == ReleaseReason.Requested || (isUnfounded && block.Node is null))
            Say(new FleetWord("", FleetWordKind.Release, block.Network) { IsUnfounded = isUnfounded });
    }

    /// <summary>An offense was counted.</summary>
    public void OnCounted(in Offense offense)
    {
        if (offense.Node is not null || IsDelivering(offense.Key, offense.Time))
            return;
        Say(Fact(FleetWordKind.Offense, offense.Peer, offense.Time) with
        {
            OffenseKind = offense.Kind,
            Recipient = offense.Recipient,
            Transaction = offense.Transaction,
            // Whose mail it was is known with a VRFY or by a milter while the transaction goes on; others would take it for over.
            Sender = offense.Source is PeerSource.SameLine or PeerSource.Milter ? SenderKind.Unknown : offense.Sender,
        });
    }

    /// <summary>A host has delivered mail.</summary>
    public void OnAccepted(in Acceptance acceptance)
    {
        if (acceptance.Node is not null || acceptance.Kind != AcceptanceKind.Delivery)
            return;
        ref var known = ref _delivering.Touch(acceptance.Key, out _, out _);
        known.Last = acceptance.Time;
        if (acceptance.Time - known.SaidAt < SaidFor)
            return;
        known.SaidAt = acceptance.Time;
        Say(Fact(FleetWordKind.Delivery, acceptance.Peer, acceptance.Time));
    }

    /// <summary>A transaction with offenses is over.</summary>
    public void OnEnd(in TransactionEnd end)
    {
        if (end.Node is not null || IsDelivering(HostKey.Of(end.Peer), end.Time))
            return;
        Say(Fact(FleetWordKind.End, end.Peer, end.Time) with
        {
            Transaction = end.Transaction,
            Sender = end.Sender,
            Recipients = end.Recipients,
            IsTaken = end.IsTaken,
        });
    }

    private bool IsDelivering(HostKey host, DateTimeOffset now) =>
        _delivering.TryGet(host, out var known) && now - known.Last < DeliversFor;

    private FleetWord Fact(FleetWordKind kind, IPAddress host, DateTimeOffset at)
    {
        var age = time.GetUtcNow() - at;
        return new FleetWord("", kind, HostKey.NetworkOf(host)) { Age = age > TimeSpan.Zero ? age : TimeSpan.Zero };
    }

    private void Say(FleetWord word)
    {
        try
        {
            fleet.Announce(word);
        }
#pragma warning disable CA1031 // Whatever a fleet of somebody else's throws, blocking goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (BitOperations.IsPow2(++_failures))
                logger.FleetFailed(fleet.GetType().Name, e);
        }
    }
}
