namespace BlockSmtp;

/// <summary>How a <see cref="LogReplay"/> works.</summary>
public sealed class ReplayOptions : DetectionOptions
{
    /// <summary>
    /// The year of the log's first line, for stamps without a year. Default: null, the latest one that does not put the
    /// last line into the future; decisions are then held back until the log is over.
    /// </summary>
    public int? FirstYear { get; set; }

    /// <summary>The zone of stamps that name none. Default: the machine's.</summary>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Local;

    /// <summary>
    /// Whether messages that were accepted and delivered are counted for the hosts that sent them (<see cref="ReplayHost.Deliveries"/>), so
    /// that a real sender can be told from one that only guesses. Default: false; it takes another look at each line.
    /// </summary>
    public bool CountDeliveries { get; set; }

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(TimeZone);
        if (FirstYear is { } year)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(year, 1970);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 9000);
        }
    }
}
