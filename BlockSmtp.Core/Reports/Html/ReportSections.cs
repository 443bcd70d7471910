namespace BlockSmtp.Reports.Html;

/// <summary>The tables and charts of the report, each under a heading of its own.</summary>
internal static class ReportSections
{
    private static readonly Markup Legend = Markup.Constant(
        "<ul class=\"legend\"><li><i class=\"a\"></i>answered: the host was not blocked yet</li><li><i class=\"k\"></i>kept out: "
            + "it would have been blocked</li></ul>");

    public static Markup Tiles(Report report)
    {
        var (summary, counters) = (report.Summary, report.Summary.Counters);
        return Markup.Of($"""
            <dl class="tiles">
            {Tile("Wrong guesses", Figures.Count(counters.Offenses), counters.Unresolved > 0 ? $"{Figures.Count(counters.Unresolved)} of them without a host" : "all with their host")}
            {Tile("Hosts that guessed", Figures.Count(summary.Hosts.Count), summary.Ignored > 0 ? $"{Figures.Count(summary.Ignored)} spared: they are trusted" : "none spared by the white-list")}
            {Tile("Would have been blocked", Figures.Count(summary.Blocked), $"{Figures.Count(counters.Blocks)} blocks in all")}
            {Tile("Guesses kept out", Figures.Share(report.KeptOut, report.KeptOut + report.Answered), $"{Figures.Count(report.KeptOut)} of {Figures.Count(report.KeptOut + report.Answered)}")}
            {Tile("Blocked, but real senders", Figures.Count(report.Settings[0].BlockedSenders), "had mail delivered in this log too")}
            {Tile("Lines read", Figures.Count(counters.Lines), counters.Ambiguous > 0 ? $"{Figures.Count(counters.Ambiguous)} doubtful, counted for nothing" : "none doubtful")}
            </dl>
            """);

        static Markup Tile(string name, string value, string note) =>
            Markup.Of($"<div><dt>{name}</dt><dd><b>{value}</b><span>{note}</span></dd></div>\n");
    }

    public static Markup Times(Report report) => Markup.Of($"""
        <section id="time"><h2>Over time</h2>
        <p>Guesses, and the blocks that would have been made, in steps of {DurationText.Show(report.PeriodLength)}. Times are UTC.</p>
        {Legend}
        {TimeChart.Draw(report, 960, "wide")}{TimeChart.Draw(report, 400, "narrow")}
        <details><summary>The same as a table</summary><div class="scroll"><table>
        <thead><tr><th scope="col">from (UTC)</th><th scope="col">answered</th><th scope="col">kept out</th><th scope="col">blocks</th></tr></thead><tbody>
        {report.Periods.Select(period => Markup.Of($"<tr><th scope=\"row\">{Figures.Time(period.Start)}</th><td>{Figures.Count(period.Answered)}</td><td>{Figures.Count(period.KeptOut)}</td><td>{Figures.Count(period.Blocks)}</td></tr>\n"))}
        </tbody></table></div></details></section>
        """);

    public static Markup Hosts(Report report)
    {
        var most = report.Hosts.Max(host => host.Answered + host.KeptOut);
        var all = report.Summary.Hosts.Count;
        return Markup.Of($"""
            <section id="hosts"><h2>The worst hosts</h2>
            <p>{(all > report.Hosts.Count ? $"The {report.Hosts.Count} with the most guesses, of {Figures.Count(all)}." : "All hosts that guessed, those with the most guesses first.")} Times are UTC; the names are some of those that the client wrote.</p>
            {Legend}
            <table class="cards"><thead><tr><th scope="col">host</th><th scope="col" class="l">guesses</th><th scope="col">answered</th><th scope="col">kept out</th><th scope="col" class="l">verdict</th><th scope="col" class="l">names it tried</th></tr></thead><tbody>
            {report.Hosts.Select(Row)}
            </tbody></table></section>
            """);

        Markup Row(ReportHost host) => Markup.Of($"""
            <tr><th scope="row" class="host">{host.Host.Address.ToString()}<small>{Figures.Span(host.Host.First, host.Host.Last)}</small></th><td class="l bars">{Bars.Draw(host.Answered, host.KeptOut, most)}</td><td data-name="answered">{Figures.Count(host.Answered)}</td><td data-name="kept out">{Figures.Count(host.KeptOut)}</td><td class="l">{Verdict(host.Host)}</td><td class="l names">{host.Names.Take(5).Select(name => Markup.Of($"<code>{Bare(name)}</code> "))}</td></tr>

            """);
    }

    public static Markup Groups(Report report)
    {
        var most = report.Groups.Max(group => group.Answered + group.KeptOut);
        return Markup.Of($"""
            <section id="groups"><h2>Before and after the block</h2>
            <p>All hosts, by how many guesses each made in the log. What is kept out grows with what a host would try.</p>
            {Legend}
            <table class="cards"><thead><tr><th scope="col">guesses a host</th><th scope="col">hosts</th><th scope="col">blocked</th><th scope="col" class="l">their guesses</th><th scope="col">answered</th><th scope="col">kept out</th></tr></thead><tbody>
            {report.Groups.Select(group => Markup.Of($"<tr><th scope=\"row\">{(group.Most is null ? $"{group.Least} or more" : group.Most == group.Least ? "1 guess" : $"{group.Least} to {group.Most}")}</th><td data-name=\"hosts\">{Figures.Count(group.Hosts)}</td><td data-name=\"blocked\">{Figures.Count(group.Blocked)}</td><td class=\"l bars\">{Bars.Draw(group.Answered, group.KeptOut, most)}</td><td data-name=\"answered\">{Figures.Count(group.Answered)}</td><td data-name=\"kept out\">{Figures.Count(group.KeptOut)}</td></tr>\n"))}
            </tbody></table></section>
            """);
    }

    public static Markup Networks(Report report) => Markup.Of($"""
        <section id="networks"><h2>By network</h2>
        <p>Guessers that share a network often share an owner.</p>
        <div class="pair">{Networks("/24 and /64", report.Networks)}{Networks("/16 and /48", report.WideNetworks)}</div></section>
        """);

    public static Markup Thresholds(Report report)
    {
        var set = report.Settings[0].Policy.MaxOffenses;
        return Markup.Of($"""
            <section id="limits"><h2>Another limit</h2>
            <p>What changes with the number of guesses that a host may make (<code>--max-offenses</code>){(report.Settings[0].IsBalance ? Markup.Constant(" if guesses alone counted (<code>--policy=count</code>)") : default)}, all else as set.</p>
            <div class="pair">{LimitChart.Draw(report.Thresholds, row => row.Blocked, "Hosts that would have been blocked", "b", set)}{LimitChart.Draw(report.Thresholds, row => row.Answered, "Guesses that would have been answered", "a", set)}</div>
            {Outcomes(report.Thresholds, "tolerated guesses", row => Markup.Of($"{row.Policy.MaxOffenses}{(row.Policy.MaxOffenses == set ? AsSet : default)}"), row => row.Policy.MaxOffenses == set)}
            </section>
            """);
    }

    public static Markup Settings(Report report) => Markup.Of($"""
        <section id="settings"><h2>Other settings</h2>
        <p>The same log under both rules (<code>--policy</code>) and several settings. Few hosts that are real senders and few answered guesses are what one would like to have; a longer memory
        (<code>--offense-window</code>) catches the slow ones, a longer block (<code>--block-time</code>) those that come back.</p>
        {Outcomes(report.Settings, "settings", row => Markup.Of($"{Figures.Settings(row)}{(row == report.Settings[0] ? AsSet : default)}"), row => row == report.Settings[0])}
        </section>
        """);

    private static Markup AsSet => Markup.Constant(" <em>as set</em>");

    private static Markup Outcomes(
        IEnumerable<ReportOutcome> rows, string first, Func<ReportOutcome, Markup> name, Func<ReportOutcome, bool> isSet) =>
        Markup.Of($"""
        <table class="cards"><thead><tr><th scope="col">{first}</th><th scope="col">hosts blocked</th><th scope="col">of them real senders</th><th scope="col">guesses answered</th><th scope="col">kept out</th><th scope="col">share kept out</th></tr></thead><tbody>
        {rows.Select(row => Markup.Of($"<tr{(isSet(row) ? Markup.Constant(" class=\"chosen\"") : default)}><th scope=\"row\" data-name=\"{first}\">{name(row)}</th><td data-name=\"hosts blocked\">{Figures.Count(row.Blocked)}</td><td data-name=\"of them real senders\">{Figures.Count(row.BlockedSenders)}</td><td data-name=\"guesses answered\">{Figures.Count(row.Answered)}</td><td data-name=\"kept out\">{Figures.Count(row.KeptOut)}</td><td data-name=\"share kept out\">{Figures.Share(row.KeptOut, row.KeptOut + row.Answered)}</td></tr>\n"))}
        </tbody></table>
        """);

    private static Markup Networks(string title, IReadOnlyList<ReportNetwork> networks) => Markup.Of($"""
        <div><h3>{title}</h3><table><thead><tr><th scope="col">network</th><th scope="col">hosts</th><th scope="col">blocked</th><th scope="col">guesses</th></tr></thead><tbody>
        {networks.Select(network => Markup.Of($"<tr><th scope=\"row\" class=\"host\">{NetworkText.Show(network.Network)}</th><td>{Figures.Count(network.Hosts)}</td><td>{Figures.Count(network.Blocked)}</td><td>{Figures.Count(network.Offenses)}</td></tr>\n"))}
        </tbody></table></div>
        """);

    /// <summary>Without the angle brackets that nearly every name has.</summary>
    private static string Bare(string name) => name.StartsWith('<') && name.EndsWith('>') ? name[1..^1] : name;

    private static Markup Verdict(ReplayHost host) => host switch
    {
        { Blocks: > 0 } =>
            Markup.Of($"<span class=\"verdict\">{(host.Blocks == 1 ? "blocked" : $"blocked {host.Blocks} times")}</span>{Delivered(host)}"),
        { IgnoredBecause: { } reason } => Markup.Of($"not blocked<small>{reason}</small>"),
        _ => Markup.Constant("tolerated"),
    };

    private static Markup Delivered(ReplayHost host) =>
        host.Deliveries > 0 ? Markup.Of($"<small>{Figures.Of(host.Deliveries, "message", "messages")} delivered</small>") : default;
}
