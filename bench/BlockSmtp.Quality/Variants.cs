using System.Globalization;
using BlockSmtp.Policies;
using BlockSmtp.Quality.Rules;

namespace BlockSmtp.Quality;

/// <summary>The rules of each table.</summary>
internal static class Variants
{
    public const string Default = "balance (default)";

    /// <summary>Ours and others'.</summary>
    public static IReadOnlyList<Rule> Rules { get; } =
    [
        Balance(Default, _ => { }),
        new GateRule("balance, with the gate", () => new BalancePolicy()),
        new PolicyRule("count, > 3 a day (--policy=count)", _ => new CountPolicy()),
        new PolicyRule("fail2ban sendmail-reject, 5 in 10 min", log => new Fail2banPolicy(log.IsEncrypted)),
        MailerRule.Exim,
        MailerRule.Forcepoint,
    ];

    /// <summary>The default with one part taken out of it.</summary>
    public static IReadOnlyList<Rule> Parts { get; } =
    [
        Balance("all parts", _ => { }),
        Balance("deliveries earn nothing", options => options.Credit = 0),
        Balance("deliveries forgotten in a day", options => options.CreditHalfLife = TimeSpan.FromDays(1)),
        Balance("no slack in an open transaction", options => options.Slack = 0),
        Balance("the null sender weighs as any", options => options.NullSenderWeight = 1),
        Balance("each IPv6 address a host", options => options.IPv6Prefix = 128),
        Balance("no neighbours", options => options.Neighbours = 0),
        Balance("no walks (--distributed=off)", options => options.Distributed = DistributedAnswer.Off),
        Balance("all who guess together blocked (--distributed=block)", options => options.Distributed = DistributedAnswer.Block),
        Balance("blocks never longer", options => options.BlockTimeFactor = 1),
    ];

    /// <summary>Where the aims contradict each other.</summary>
    public static IReadOnlyList<Rule> Curve { get; } =
    [
        .. from most in (int[])[2, 3, 4, 6, 10]
           from credit in (double[])[0.5, 0.75, 0.9]
           select Balance(string.Create(CultureInfo.InvariantCulture, $"limit {most}, credit {credit}"), options =>
               (options.MaxOffenses, options.Credit) = (most, credit)),
    ];

    /// <summary>One parameter at a time.</summary>
    public static IReadOnlyList<Rule> Sensitivity { get; } =
    [
        .. Vary("MaxOffenses", (options, value) => options.MaxOffenses = (int)value, 1, 2, 3, 4, 5, 7, 10),
        .. Vary("Window, hours", (options, value) => options.Window = TimeSpan.FromHours(value), 1, 6, 24, 48, 96),
        .. Vary("BlockTime, hours", (options, value) => options.BlockTime = TimeSpan.FromHours(value), 0.25, 1, 3, 12, 24),
        .. Vary("BlockTimeFactor", (options, value) => options.BlockTimeFactor = value, 1, 2, 4),
        .. Vary("Credit", (options, value) => options.Credit = value, 0, 0.25, 0.5, 0.75, 0.9, 1, 2),
        .. Vary("CreditHalfLife, days", (options, value) => options.CreditHalfLife = TimeSpan.FromDays(value), 1, 3, 7, 14, 60),
        .. Vary("Slack", (options, value) => options.Slack = (int)value, 0, 2, 5, 10, 20, 1_000),
        .. Vary("NullSenderWeight", (options, value) => options.NullSenderWeight = value, 0, 0.05, 0.075, 0.1, 0.25, 0.5, 1),
        .. Vary("Neighbours", (options, value) => options.Neighbours = (int)value, 0, 6, 12, 24, 40),
        .. Vary("IPv6Prefix", (options, value) => options.IPv6Prefix = (int)value, 48, 56, 64, 128),
    ];

    private static PolicyRule Balance(string name, Action<BalancePolicyOptions> change) => new(name, _ =>
    {
        var options = new BalancePolicyOptions();
        change(options);
        return new BalancePolicy(options);
    })
    { CountsProbes = true };

    private static IEnumerable<Rule> Vary(string parameter, Action<BalancePolicyOptions, double> change, params double[] values) =>
        values.Select(value =>
            Balance(string.Create(CultureInfo.InvariantCulture, $"{parameter} = {value}"), options => change(options, value)));
}
