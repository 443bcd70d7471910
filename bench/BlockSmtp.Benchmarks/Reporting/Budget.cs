namespace BlockSmtp.Benchmarks.Reporting;

/// <summary>A row of the budget table: what was measured beside what it may be.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Measured">The figure.</param>
/// <param name="Allowed">The most it may be; null where there is no budget.</param>
/// <param name="Format">How to write the two: <c>0.00 s</c>.</param>
internal sealed record Budget(string What, double Measured, double? Allowed, string Format)
{
    /// <summary>By what it is written it is judged: 4.996 that reads 5.00 meets 5.</summary>
    public bool IsMet => Allowed is null || Math.Round(Measured, Decimals) <= Allowed;

    /// <summary>What a command exits with that has measured all it had to: 0, or 2 when a budget is missed.</summary>
    public static int ExitCode(IEnumerable<Budget> budgets) => budgets.All(budget => budget.IsMet) ? 0 : 2;

    private int Decimals => Format.Count(letter => letter == '0') - 1;

    public string[] Cells() =>
    [
        What, Show(Measured), Allowed is { } allowed ? Show(allowed) : "", Allowed is null ? "" : IsMet ? "met" : "**NOT met**",
    ];

    private string Show(double value) => value.ToString(Format, System.Globalization.CultureInfo.InvariantCulture);
}
