namespace BlockSmtp.Reading;

/// <summary>Takes what goes wrong with lines.</summary>
internal interface ILineTroubles
{
    /// <summary>A line was left out.</summary>
    /// <param name="line">The line, which anybody may have written.</param>
    /// <param name="failure">What reading it has thrown; null when the last runs have died at it.</param>
    /// <param name="count">How many were left out so far.</param>
    void OnUnreadable(ReadOnlySpan<byte> line, Exception? failure, long count);

    /// <summary>Whoever keeps the log says that it has dropped lines.</summary>
    /// <param name="count">How many.</param>
    /// <param name="total">How many so far.</param>
    void OnLost(long count, long total);

    /// <summary>A line was too long for the mail server, so that nothing of it is there.</summary>
    /// <param name="total">How many so far.</param>
    void OnOverflow(long total);
}
