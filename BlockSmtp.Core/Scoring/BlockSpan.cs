using System.Net;

namespace BlockSmtp.Scoring;

/// <summary>A time for which somebody was shut out, whoever decided so.</summary>
/// <param name="Network">Who; a single host is a network of full length.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="Until">Until when, UTC.</param>
internal sealed record BlockSpan(IPNetwork Network, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>The members with their values, in no culture.</summary>
    public override string ToString() => RecordText.Show(nameof(BlockSpan), PrintMembers);
}
