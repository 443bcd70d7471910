namespace BlockSmtp.Reports.Html;

/// <summary>A bar in a cell of a table: what was answered, and after it what was kept out.</summary>
internal static class Bars
{
    private const double Width = 150;

    public static Markup Draw(long answered, long keptOut, long most)
    {
        var (first, second) = (Width * answered / Math.Max(1, most), Width * keptOut / Math.Max(1, most));
        first = answered > 0 ? Math.Max(1, first) : 0;
        return Markup.Of(
            $"""<svg class="bar" viewBox="0 0 {Width} 10" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="{Width}" height="10"/><rect class="a" width="{first:0.#}" height="10"/><rect class="k" x="{first:0.#}" width="{second:0.#}" height="10"/></svg>""");
    }
}
