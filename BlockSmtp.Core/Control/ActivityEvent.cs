using System.Net;

namespace BlockSmtp.Control;

/// <summary>Something that an engine did.</summary>
public sealed record ActivityEvent
{
    /// <summary>Counts the events, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What: <c>block</c>, <c>unblock</c>, <c>ignore</c> or <c>end_session</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Of whom; null for a session whose client is not known.</summary>
    public IPNetwork? Network { get; init; }

    /// <summary>Why, or how, in words for a person.</summary>
    public required string Detail { get; init; }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(ActivityEvent), PrintMembers);
}
