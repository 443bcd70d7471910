using System.Net;

namespace BlockSmtp.Control;

/// <summary>Something that an engine did.</summary>
/// <param name="Number">Counts the events, from 1.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="Action">What: <c>block</c>, <c>unblock</c>, <c>ignore</c> or <c>end_session</c>.</param>
/// <param name="Network">Of whom; null for a session whose client is not known.</param>
/// <param name="Detail">Why, or how, in words for a person.</param>
public sealed record ActivityEvent(long Number, DateTimeOffset Time, string Action, IPNetwork? Network, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(ActivityEvent), PrintMembers);
}
