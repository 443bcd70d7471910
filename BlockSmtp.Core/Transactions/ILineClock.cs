namespace BlockSmtp.Transactions;

/// <summary>Tells when a log line was written.</summary>
internal interface ILineClock
{
    /// <summary>The time of a line, UTC, by its stamp. False when the stamp is none, or names a day that does not exist.</summary>
    bool TryGetTime(ReadOnlySpan<byte> stamp, out DateTimeOffset time);
}
