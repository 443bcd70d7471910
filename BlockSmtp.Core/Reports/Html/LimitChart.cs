namespace BlockSmtp.Reports.Html;

/// <summary>How something changes with the limit, as a line.</summary>
internal static class LimitChart
{
    private const double Width = 460, Height = 210, Left = 56, Right = 14, Top = 12, Foot = 40;

    /// <param name="outcomes">The limits.</param>
    /// <param name="value">What changes.</param>
    /// <param name="what">What it is, in words.</param>
    /// <param name="kind">The style of the line.</param>
    /// <param name="set">The limit that is set.</param>
    public static Markup Draw(IReadOnlyList<ReportOutcome> outcomes, Func<ReportOutcome, long> value, string what, string kind, int set)
    {
        var scale = new Scale(outcomes.Max(value));
        var points = outcomes.Select((outcome, i) => FormattableString.Invariant($"{X(i + 1):0.#},{Y(value(outcome)):0.#}")).ToArray();
        return Markup.Of($"""
            <figure><figcaption>{what}</figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{what} by the limit; the same figures are in the table below.">
            {scale.Ticks().Select(at => Markup.Of($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(at):0.#}" y2="{Y(at):0.#}"/><text class="y" x="{Left - 7}" y="{Y(at) + 4:0.#}">{Figures.Count(at)}</text>"""))}
            {outcomes.Where(outcome => outcome.Policy.MaxOffenses is 1 or 5 or 10 or 15 or 20).Select(outcome => Markup.Of($"""<text class="x" x="{X(outcome.Policy.MaxOffenses):0.#}" y="{Height - Foot + 18}">{outcome.Policy.MaxOffenses}</text>"""))}
            <text class="x name" x="{(Left + Width - Right) / 2:0.#}" y="{Height - 5}">tolerated guesses</text>
            {(set >= 1 && set <= outcomes.Count ? Markup.Of($"""<line class="set" x1="{X(set):0.#}" x2="{X(set):0.#}" y1="{Top}" y2="{Height - Foot}"/><text class="set" x="{X(set) + (set > 15 ? -6 : 6):0.#}" y="{Top + 9}"{(set > 15 ? Markup.Constant(" text-anchor=\"end\"") : default)}>as set: {Figures.Count(value(outcomes[set - 1]))}</text>""") : default)}
            <polyline class="line {kind}" points="{string.Join(' ', points)}"/>
            {outcomes.Select((outcome, i) => Markup.Of($"""<circle class="{kind}" cx="{X(i + 1):0.#}" cy="{Y(value(outcome)):0.#}" r="{(i + 1 == set ? 4.5 : 2.5)}"><title>{outcome.Policy.MaxOffenses}: {Figures.Count(value(outcome))}</title></circle>"""))}
            </svg></figure>
            """);

        double X(int limit) => Left + 10 + ((Width - Left - Right - 20) * (limit - 1) / (outcomes.Count - 1));
        double Y(long at) => Height - Foot - ((Height - Foot - Top) * at / scale.Most);
    }
}
