using BlockSmtp.Grammars;

namespace BlockSmtp.Policies;

/// <summary>How far ahead wrong names may be for a <see cref="BalancePolicy"/>.</summary>
public sealed class BalancePolicyOptions
{
    /// <summary>
    /// How many more wrong names than it has earned by deliveries a host may try within <see cref="Window"/>: one more
    /// blocks it. Default 3; 0 to 10,000.
    /// </summary>
    public int MaxOffenses { get; set; } = 3;

    /// <summary>How long a wrong name counts. Default 1 day; more than zero.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a host is blocked the first time. Default 3 hours; more than zero.</summary>
    public TimeSpan BlockTime { get; set; } = TimeSpan.FromHours(3);

    /// <summary>How many times longer each further block is. Default 2; 1 to 100.</summary>
    public double BlockTimeFactor { get; set; } = 2;

    /// <summary>The longest block. Default 7 days; more than zero. A first block is never shorter than <see cref="BlockTime"/>.</summary>
    public TimeSpan LongestBlockTime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How many wrong names a recipient makes up for that was delivered to; each recipient once in
    /// <see cref="CreditHalfLife"/>. Default 0.75; 0 to 10.
    /// </summary>
    public double Credit { get; set; } = 0.75;

    /// <summary>After how long half of what was delivered is forgotten. Default 14 days; more than zero.</summary>
    public TimeSpan CreditHalfLife { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// How many wrong names more a host that has delivered mail may try while transactions of it are open, of which it is not known yet
    /// what will be delivered. So many are also the most that are borne for recipients that are accepted in an open transaction
    /// (<see cref="Offense.AcceptedBefore"/>). Default 10; 0 to 10,000.
    /// </summary>
    public int Slack { get; set; } = 10;

    /// <summary>
    /// What the only, wrong recipient of a null sender weighs: a bounce, or a server that asks whether an address exists. What a host has
    /// earned makes up for as many of them as weigh <see cref="MaxOffenses"/>, and then for one each. Default 0.075; 0 to 1.
    /// </summary>
    public double NullSenderWeight { get; set; } = 0.075;

    /// <summary>
    /// Names without a domain that nobody is called, and that nobody but a guesser tries: a host that has delivered nothing is
    /// blocked at the first. Default: none.
    /// </summary>
    public IReadOnlyCollection<string> HoneyNames
    {
        get;
        set => (field, Honey) = (value, [.. value.Select(name => (uint)RecipientName.Of(name).Key)]);
    } = [];

    /// <summary>
    /// A host that has delivered nothing is blocked at its first wrong name when such hosts of its IPv4 /24 have tried more names than
    /// this, beside as many as the network has delivered to. Those of a null sender are counted for themselves, and weigh
    /// <see cref="NullSenderWeight"/> each. Default 12; 0 to 40, 0 for never.
    /// </summary>
    public int Neighbours { get; set; } = 12;

    /// <summary>What comes of many hosts that guess together. Default: <see cref="DistributedAnswer.Alarm"/>.</summary>
    public DistributedAnswer Distributed { get; set; }

    /// <summary>How many bits of an IPv6 address are one host. Default 64; 48 to 128.</summary>
    public int IPv6Prefix { get; set; } = 64;

    /// <summary>
    /// How many hosts of each family (IPv4, IPv6) that have tried wrong names, and how many that have delivered, are
    /// remembered. Default 262,144; at least 1.
    /// </summary>
    public int MaxHosts { get; set; } = 262_144;

    internal HashSet<uint> Honey { get; private set; } = [];

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxOffenses);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxOffenses, 10_000);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Window, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BlockTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockTimeFactor, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BlockTimeFactor, 100);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LongestBlockTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(Credit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Credit, 10);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(CreditHalfLife, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(Slack);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Slack, 10_000);
        ArgumentOutOfRangeException.ThrowIfNegative(NullSenderWeight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(NullSenderWeight, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Neighbours);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Neighbours, 40);
        ArgumentOutOfRangeException.ThrowIfLessThan(IPv6Prefix, 48);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(IPv6Prefix, 128);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxHosts, 1);
    }
}
