using System.Net;

namespace BlockSmtp;

/// <summary>What an <see cref="IOffenderPolicy"/> says: nothing, block the host for so long, or let it in again.</summary>
public readonly record struct Verdict
{
    private Verdict(TimeSpan blockFor, int offenses, string reason, IPNetwork? network)
    {
        Network = network;
        BlockFor = blockFor;
        Offenses = offenses;
        Reason = reason;
    }

    /// <summary>Not yet.</summary>
    public static Verdict None => default;

    /// <summary>True when the host is to be blocked.</summary>
    public bool IsBlock => BlockFor > TimeSpan.Zero;

    /// <summary>
    /// True when the block that this policy has made of the host is to end: what has become known since shows that it was unfounded.
    /// </summary>
    public bool IsRelease => Reason is not null && !IsBlock;

    /// <summary>How long the host is to be blocked; zero when <see cref="IsBlock"/> is false.</summary>
    public TimeSpan BlockFor { get; }

    /// <summary>How many offenses led to this verdict.</summary>
    public int Offenses { get; }

    /// <summary>Why, in words for a person; null of <see cref="None"/>.</summary>
    public string? Reason { get; }

    /// <summary>The network that is to be blocked, which the host is in; null for the host alone.</summary>
    public IPNetwork? Network { get; }

    /// <summary>End the block of the host: an answer to <see cref="IOffenderPolicy.End"/> of a host that is blocked.</summary>
    /// <param name="reason">Why, in words for a person.</param>
    /// <returns>The verdict.</returns>
    public static Verdict Release(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new Verdict(TimeSpan.Zero, 0, reason, null);
    }

    /// <summary>Block the host, or a network that it is in.</summary>
    /// <param name="blockFor">For how long; more than zero.</param>
    /// <param name="offenses">How many offenses led to this; at least 1.</param>
    /// <param name="reason">Why, in words for a person.</param>
    /// <param name="network">
    /// The network to block, which the host must be in; null for the host alone. Where the white-list trusts a part of it, or the mail
    /// server is in it, only the host is blocked, if it may be.
    /// </param>
    /// <returns>The verdict.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blockFor"/> or
    /// <paramref name="offenses"/> is not positive.</exception>
    public static Verdict Block(TimeSpan blockFor, int offenses, string reason, IPNetwork? network = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(blockFor, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(offenses, 1);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new Verdict(blockFor, offenses, reason, network);
    }
}
