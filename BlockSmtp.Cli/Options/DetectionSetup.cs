using BlockSmtp.Policies;

namespace BlockSmtp.Cli.Options;

/// <summary>From the options that daemon and replay share to the library's own.</summary>
internal static class DetectionSetup
{
    /// <summary>Our own name in syslog: its lines must never be taken for the mail server's.</summary>
    public const string OwnSyslogName = "blocksmtp";

    public static void Fill(this DetectionOptions options, DetectionVerb verb)
    {
        options.WhiteList =
            OptionValue.LoadWhiteList(verb.WhiteList).With(TrustedByName.Load(verb.WhiteListNames, verb.NamesCache).Networks);
        // No mail server of today asks with them, so that the balance takes them for guesses like any other.
        options.CountProbes = verb.CountProbes || IsBalance(verb);
        options.MaxEmptyTransactions = OptionValue.Number(
            "max-empty-transactions", verb.MaxEmptyTransactions, options.MaxEmptyTransactions, 0, OptionLimits.MostEmptyTransactions);
        options.UnknownUserTexts = [.. verb.UnknownUserTexts];
        if (options.UnknownUserTexts.Contains(""))
            throw CommandException.BadValue("unknown-user-text", "", "the words at the end of a refusal");
        if (verb.MailerSyslogHost is not null)
            options.SyslogHost = OptionValue.Word("mailer-syslog-host", verb.MailerSyslogHost, "");
        options.Mailer = MailerOf(verb);
        options.SyslogNames = options.Mailer switch
        {
            Mailer.Sendmail => ["sm-mta", "sendmail"],
            Mailer.Postfix => ["postfix"],
            Mailer.Exim => ["exim", "exim4"],
            _ => options.SyslogNames,
        };
        if (verb.MailerSyslogName is null)
            return;
        var name = OptionValue.Word("mailer-syslog-name", verb.MailerSyslogName, "");
        if (name == OwnSyslogName)
            throw CommandException.BadValue("mailer-syslog-name", name, "sendmail's name: these are our own lines");
        options.SyslogNames = [name];
    }

    public static PolicyChoice PolicyOf(DetectionVerb verb)
    {
        var standard = new CountPolicyOptions();
        var count = new CountPolicyOptions
        {
            MaxOffenses = OptionValue.Number("max-offenses", verb.MaxOffenses, standard.MaxOffenses, 0, OptionLimits.MostOffenses),
            Window = OptionValue.Duration("offense-window", verb.OffenseWindow, standard.Window),
            BlockTime = OptionValue.Duration("block-time", verb.BlockTime, standard.BlockTime),
        };
        var usual = new BalancePolicyOptions();
        return new PolicyChoice(IsBalance(verb), count, new BalancePolicyOptions
        {
            MaxOffenses = count.MaxOffenses,
            Window = count.Window,
            BlockTime = count.BlockTime,
            BlockTimeFactor = OptionValue.Number("block-time-factor", verb.BlockTimeFactor, (int)usual.BlockTimeFactor, 1, 100),
            LongestBlockTime = OptionValue.Duration("longest-block-time", verb.LongestBlockTime, usual.LongestBlockTime),
            IPv6Prefix = OptionValue.Number("ipv6-prefix", verb.IPv6Prefix, usual.IPv6Prefix, 48, 128),
            Distributed = Distributed(verb.Distributed),
            HoneyNames = HoneyNames(verb.HoneyNames),
        });
    }

    private static DistributedAnswer Distributed(string? text) => text switch
    {
        null or "alarm" => DistributedAnswer.Alarm,
        "block" => DistributedAnswer.Block,
        "off" => DistributedAnswer.Off,
        _ => throw CommandException.BadValue("distributed", text, "alarm, block or off"),
    };

    private static IReadOnlyCollection<string> HoneyNames(string? file)
    {
        if (OptionValue.Path("honey-names", file) is not { } path)
            return [];
        try
        {
            return [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.NoInput, $"--honey-names: '{path}' cannot be read: {e.Message}");
        }
    }

    private static Mailer MailerOf(DetectionVerb verb) => verb.Mailer switch
    {
        null or "auto" => Mailer.Auto,
        "sendmail" => Mailer.Sendmail,
        "postfix" => Mailer.Postfix,
        "exim" => Mailer.Exim,
        var other => throw CommandException.BadValue("mailer", other, "a mail server: use sendmail, postfix, exim or auto"),
    };

    private static bool IsBalance(DetectionVerb verb) => verb.Policy switch
    {
        null or "balance" => true,
        "count" => false,
        var other => throw CommandException.BadValue("policy", other, "balance or count"),
    };
}
