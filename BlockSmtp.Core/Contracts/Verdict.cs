using System.Net;

namespace BlockSmtp;

/// <summary>What an <see cref="IOffenderPolicy"/> says of an offense: nothing, or block the host for so long.</summary>
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
    public bool IsBlock => Reason is not null;

    /// <summary>How long the host is to be blocked; zero when <see cref="IsBlock"/> is false.</summary>
    public TimeSpan BlockFor { get; }

    /// <summary>How many offenses led to this verdict.</summary>
    public int Offenses { get; }

    /// <summary>Why, in words for a person; null when <see cref="IsBlock"/> is false.</summary>
    public string? Reason { get; }

    /// <summary>The network that is to be blocked, which the host is in; null for the host alone.</summary>
    public IPNetwork? Network { get; }

    /// <summary>Block the host, or a network that it is in.</summary>
    /// <param name="blockFor">For how long; more than zero.</param>
    /// <param name="offenses">How many offenses led to this; at least 1.</param>
    /// <param name="reason">Why, in words for a person.</param>
    /// <param name="network">
    /// The network to block, which the host must be in; null for the host alone. Where the white-list trusts a part of it, or the mail server is in it, only the host is
    /// blocked, if it may be.
    /// </param>
    /// <returns>The verdict.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blockFor"/> or <paramref name="offenses"/> is not positive.</exception>
    public static Verdict Block(TimeSpan blockFor, int offenses, string reason, IPNetwork? network = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(blockFor, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(offenses, 1);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new Verdict(blockFor, offenses, reason, network);
    }
}
