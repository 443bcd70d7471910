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
