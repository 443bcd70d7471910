using StackExchange.Redis;

namespace BlockSmtp.Fleet;

/// <summary>What a fleet is called on its server. The braces keep all of it on one server of a Cluster.</summary>
internal sealed class FleetKeys(string name)
{
    /// <summary>A stream of blocks and releases: the truth.</summary>
    public RedisKey Blocks { get; } = $"blocksmtp:{{{name}}}:blocks";

    /// <summary>A stream of facts: what was seen of late.</summary>
    public RedisKey Facts { get; } = $"blocksmtp:{{{name}}}:facts";

    /// <summary>A hash of who has been there when.</summary>
    public RedisKey Hosts { get; } = $"blocksmtp:{{{name}}}:hosts";

    /// <summary>Rung when one of the streams has grown. A ring that is missed costs a moment and no word.</summary>
    public RedisChannel Bell { get; } = RedisChannel.Literal($"blocksmtp:{{{name}}}:bell");
}
