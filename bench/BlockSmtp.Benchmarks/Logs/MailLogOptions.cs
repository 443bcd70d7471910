namespace BlockSmtp.Benchmarks.Logs;

/// <summary>What log to make. The same options give the same bytes.</summary>
internal sealed record MailLogOptions
{
    public required long Lines { get; init; }

    /// <summary>The share of lines that belong to transactions of attackers, 0 to 1.</summary>
    public double AttackShare { get; init; } = 0.02;

    /// <summary>Which mail server writes it.</summary>
    public Mailer Mailer { get; init; } = Mailer.Sendmail;

    public int Attackers { get; init; } = 2000;

    public int LegitHosts { get; init; } = 5000;

    public ulong Seed { get; init; } = 1;

    /// <summary>When the first line is written.</summary>
    public DateTime Start { get; init; } = new(2026, 11, 1);

    /// <summary>How much time of the log the lines take, less than the window within which offenses count.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How many transactions are open at a time.</summary>
    public int Concurrency { get; init; } = 24;
}
