using System.Net;

namespace BlockSmtp;

/// <summary>Which blocks an <see cref="IBlockHistory"/> is asked for. What is not set does not matter.</summary>
public sealed record HistoryQuery
{
    /// <summary>Only blocks of this host, and of networks that it is in.</summary>
    public IPAddress? Host { get; init; }

    /// <summary>Only blocks of exactly this network.</summary>
    public IPNetwork? Network { get; init; }

    /// <summary>Only blocks that nobody has ended yet.</summary>
    public bool OnlyCurrent { get; init; }

    /// <summary>Only blocks made at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The most blocks to return. Default: all.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(HistoryQuery), PrintMembers);
}
