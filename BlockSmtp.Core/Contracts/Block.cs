using System.Net;

namespace BlockSmtp;

/// <summary>A host (or network) that is blocked: since when, until when and why.</summary>
/// <param name="Network">Who. A single host is a network of full prefix length (/32 or /128).</param>
/// <param name="Since">When it was blocked, UTC.</param>
/// <param name="Until">When it is to be released, UTC.</param>
/// <param name="Offenses">How many offenses led to it.</param>
/// <param name="Reason">Why, in words for a person.</param>
public sealed record Block(IPNetwork Network, DateTimeOffset Since, DateTimeOffset Until, int Offenses, string Reason)
{
    // As numbers: there may be very many blocks.
    private readonly long _since = Since.UtcTicks;
    private readonly long _until = Until.UtcTicks;

    /// <summary>When it was blocked, UTC.</summary>
    public DateTimeOffset Since
    {
        get => new(_since, TimeSpan.Zero);
        init => _since = value.UtcTicks;
    }

    /// <summary>When it is to be released, UTC.</summary>
    public DateTimeOffset Until
    {
        get => new(_until, TimeSpan.Zero);
        init => _until = value.UtcTicks;
    }

    /// <summary>
    /// What it is based on; null where nobody kept it (neither <see cref="DetectionOptions.KeepRecipients"/> nor a store), of a block that
    /// somebody asked for, and of all but the latest 10,000 blocks, of which only a store has it.
    /// </summary>
    public Evidence? Evidence { get; init; }

    /// <summary>Who has decided on it.</summary>
    public BlockOrigin Origin { get; init; }

    /// <summary>The host of the fleet (<see cref="IFleet"/>) that has said so, or has seen what led to it; null for this one.</summary>
    public string? Node { get; init; }

    /// <summary>
    /// Whether it is meant for good: it lasts for a hundred years, which is what a longer time comes to, give or take what the clock was
    /// set by.
    /// </summary>
    public bool IsForGood => _until - _since > HalfACentury.Ticks;

    private static TimeSpan HalfACentury => TimeSpan.FromDays(18_262);

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(Block), PrintMembers);
}
