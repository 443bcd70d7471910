using System.Globalization;

namespace BlockSmtp.Reports.Html;

/// <summary>Guesses over time as columns, and the blocks below them.</summary>
internal sealed class TimeChart
{
    private const double Left = 52, Right = 8, Top = 10, Plot = 190, Gap = 30, Strip = 34, Foot = 26;

    private static readonly TimeSpan[] Steps =
    [
        .. new[] { 5, 10, 15, 30 }.Select(seconds => TimeSpan.FromSeconds(seconds)),
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(minutes => TimeSpan.FromMinutes(minutes)),
        .. new[] { 1, 2, 3, 6, 12 }.Select(hours => TimeSpan.FromHours(hours)),
        .. new[] { 1, 2, 7, 14, 28, 91, 182, 364, 1820 }.Select(days => TimeSpan.FromDays(days)),
    ];

    private readonly Report _report;
    private readonly double _width;
    private readonly DateTimeOffset _start;
    private readonly double _column;
    private readonly Scale _guesses;
    private readonly Scale _blocks;

    private TimeChart(Report report, double width)
    {
        _report = report;
        _width = width;
        _start = report.Periods[0].Start;
        var columns = ((report.Periods[^1].Start - _start) / report.PeriodLength) + 1;
        _column = (width - Left - Right) / Math.Max(columns, 12);
        _guesses = new Scale(report.Periods.Max(period => period.Answered + period.KeptOut));
        _blocks = new Scale(report.Periods.Max(period => period.Blocks), 1);
    }

    /// <summary>The chart in a width that fits the text in it.</summary>
    public static Markup Draw(Report report, int width, string style) => new TimeChart(report, width).Draw(style);

    private Markup Draw(string style) => Markup.Of($"""
        <svg class="{style}" viewBox="0 0 {_width:0} {Top + Plot + Gap + Strip + Foot:0}" role="img" aria-label="Guesses and blocks over time; the same figures are in the table below.">
        {_guesses.Ticks().Select(at => Line(Top + Plot - (Plot * at / _guesses.Most), at))}
        {new[] { 0, _blocks.Most }.Select(at => Line(StripFoot - (Strip * at / _blocks.Most), at))}
        <text class="name" x="{Left}" y="{StripFoot - Strip - 7:0.#}">blocks</text>
        {_report.Periods.Select(Column)}
        {Times()}
        </svg>
        """);

    private static double StripFoot => Top + Plot + Gap + Strip;

    private Markup Line(double y, long value) => Markup.Of($"""
        <line class="grid" x1="{Left}" x2="{_width - Right:0.#}" y1="{y:0.#}" y2="{y:0.#}"/><text class="y" x="{Left - 7}" y="{y + 4:0.#}">{Figures.Count(value)}</text>
        """);

    private Markup Column(ReportPeriod period)
    {
        var x = X(period.Start);
        var width = Math.Max(0.8, _column - Math.Min(2, _column / 5));
        var answered = Plot * period.Answered / _guesses.Most;
        var kept = Plot * period.KeptOut / _guesses.Most;
        var blocks = Strip * period.Blocks / _blocks.Most;
        return Markup.Of($"""
            <g><title>{Figures.Time(period.Start)}: {Figures.Count(period.Answered)} answered, {Figures.Count(period.KeptOut)} kept out, {Figures.Of(period.Blocks, "block", "blocks")}</title>{Bar("a", Top + Plot - answered, answered)}{Bar("k", Top + Plot - answered - kept, kept)}{Bar("b", StripFoot - blocks, blocks)}</g>

            """);

        Markup Bar(string kind, double y, double height) => height <= 0
            ? default
            : Markup.Of($"""<rect class="{kind}" x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}"/>""");
    }

    private double X(DateTimeOffset time) => Left + (_column * ((time - _start) / _report.PeriodLength));

    /// <summary>As many times as there is room for, at round ones; where a day begins, its date.</summary>
    private IEnumerable<Markup> Times()
    {
        var shown = (_width - Left - Right) / _column * _report.PeriodLength;
        var room = Math.Max(2, (_width - Left - Right) / 88);
        var step = Steps.FirstOrDefault(step => shown / step <= room && step >= _report.PeriodLength, Steps[^1]);
        for (var tick = (_start.UtcTicks + step.Ticks - 1) / step.Ticks; ; tick++)
        {
            var time = new DateTimeOffset(tick * step.Ticks, TimeSpan.Zero);
            var x = X(time);
            if (x > _width - Right - 18)
                yield break;
            var format = step >= TimeSpan.FromDays(91) ? "MMM yyyy"
                : time.TimeOfDay == TimeSpan.Zero ? "d MMM"
                : step < TimeSpan.FromMinutes(1) ? "HH:mm:ss" : "HH:mm";
            var label = time.ToString(format, CultureInfo.InvariantCulture);
            yield return Markup.Of(
                $"""<line class="tick" x1="{x:0.#}" x2="{x:0.#}" y1="{StripFoot:0.#}" y2="{StripFoot + 5:0.#}"/><text class="x" x="{x:0.#}" y="{StripFoot + 19:0.#}">{label}</text>""");
        }
    }
}
