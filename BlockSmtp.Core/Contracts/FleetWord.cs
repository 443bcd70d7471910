using System.Net;

namespace BlockSmtp;

/// <summary>
/// What one host of a fleet tells the others. Times are durations, since the clocks of hosts differ: how long ago something
/// was, and how much is left of it.
/// </summary>
/// <param name="Node">The host that says it: up to 64 letters, digits, dots, hyphens and underscores.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Network">Of whom. A fact is of a single host, a network of full prefix length.</param>
public sealed record FleetWord(string Node, FleetWordKind Kind, IPNetwork Network)
{
    /// <summary>The most characters of <see cref="Node"/>.</summary>
    public const int LongestNode = 64;

    /// <summary>The most characters of <see cref="Reason"/> and <see cref="Recipient"/>; what is longer is cut.</summary>
    public const int LongestText = 200;

    /// <summary>How long ago it was said or, of a fact, has happened.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Of a block: how much time is left to it.</summary>
    public TimeSpan Left { get; init; }

    /// <summary>Of a block: how many offenses led to it.</summary>
    public int Offenses { get; init; }

    /// <summary>Of a block: why, in words for a person.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// Of a release: whether the policy that has blocked has found it to be unfounded. It then ends only
    /// blocks that came from the same host.
    /// </summary>
    public bool IsUnfounded { get; init; }

    /// <summary>Of an offense: what was guessed with.</summary>
    public OffenseKind OffenseKind { get; init; }

    /// <summary>Of an offense: the name that was tried (<see cref="BlockSmtp.Offense.Recipient"/>); null where it is not known.</summary>
    public string? Recipient { get; init; }

    /// <summary>
    /// Of an offense and an end: the transaction, as a number that means something together with <see cref="Node"/> only; 0 for none.
    /// </summary>
    public ulong Transaction { get; init; }

    /// <summary>Of an offense and an end: whose mail it was.</summary>
    public SenderKind Sender { get; init; }

    /// <summary>Of an end: how many recipients were accepted.</summary>
    public int Recipients { get; init; }

    /// <summary>Of an end: whether a message was taken for them.</summary>
    public bool IsTaken { get; init; }

    /// <summary>Whether it is a fact, for the policy to judge by, and not a block or release.</summary>
    public bool IsFact => Kind is not (FleetWordKind.Block or FleetWordKind.Release);

    /// <summary>The same word after some time.</summary>
    /// <param name="time">How much; less than zero is zero.</param>
    /// <returns>A word that is so much older and, of a block, has so much less left.</returns>
    public FleetWord Later(TimeSpan time) => time <= TimeSpan.Zero ? this : this with
    {
        Age = Age > TimeSpan.MaxValue - time ? TimeSpan.MaxValue : Age + time,
        Left = Kind != FleetWordKind.Block ? Left : Left < TimeSpan.MinValue + time ? TimeSpan.MinValue : Left - time,
    };

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(FleetWord), PrintMembers);
}
