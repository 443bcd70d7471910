using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Names;

/// <summary>Names whose addresses are never blocked, asked for at a real name server.</summary>
public sealed class ResolveTests
{
    private TemporaryFolder _folder = null!;
    private DnsServer _dns = null!;

    [SetUp]
    public void Start()
    {
        _folder = new TemporaryFolder();
        _dns = new DnsServer();
    }

    [TearDown]
    public async Task Stop()
    {
        await _dns.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public void A_host_stands_for_its_addresses_of_both_families()
    {
        _dns.Host("mail.partner.example", "192.0.2.7", "192.0.2.8", "2001:db8::7");

        Resolve("mail.partner.example # ours").Should().Be((0, ""));

        Known().Should().Be("mail.partner.example 192.0.2.7 192.0.2.8 2001:db8::7");
    }

    [Test]
    public void An_spf_record_stands_for_what_may_send_and_nothing_else()
    {
        _dns.Text("partner.example", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8:1::/48 -ip4:203.0.113.0/24 ?ip4:203.0.113.0/24 a "
            + "mx:other.example include:_spf.provider.example exists:%{i}.x.example ~all")
            .Text("partner.example", "google-site-verification=x")
            .Host("partner.example", "198.51.100.1")
            .MailServer("other.example", "mx.other.example").Host("mx.other.example", "198.51.100.2")
            .Text("_spf.provider.example", "v=spf1 a:out.provider.example/28 redirect=_more.provider.example")
            .Host("out.provider.example", "198.51.100.37")
            .Text("_more.provider.example", "v=spf1 ip4:198.51.100.64/26 -all");

        Resolve("include:partner.example").Should().Be((0, ""));

        Known().Split(' ').Should().Equal(
            "include:partner.example", "192.0.2.0/24", "2001:db8:1::/48", "198.51.100.1", "198.51.100.2", "198.51.100.32/28",
            "198.51.100.64/26");
    }

    [Test]
    public void A_long_record_is_asked_for_again_by_TCP()
    {
        _dns.Text("partner.example", $"v=spf1 {string.Join(' ', Enumerable.Range(0, 60).Select(i => $"ip4:198.51.{i}.0/24"))} -all");

        Resolve("include:partner.example").Should().Be((0, ""));

        Known().Split(' ').Should().HaveCount(61);
    }

    [TestCase("v=spf1 ip4:0.0.0.0/0", "names 0.0.0.0/0, which is too much to trust")]
    [TestCase("v=spf1 ip6:2000::/3", "names 2000::/3, which is too much to trust")]
    [TestCase("v=spf1 a/0", "names 0.0.0.0/0, which is too much to trust")]
    [TestCase("v=spf1 include:loop.example -all", "partner.example has no address")]
    [TestCase("v=spf1 +all", "partner.example has no address")]
    [TestCase("v=spf1 include:a_b;rm.example", "is no domain")]
    [TestCase("nothing", "partner.example has no SPF record")]
    public void A_record_that_names_too_much_or_nobody_is_refused(string record, string why)
    {
        _dns.Text("partner.example", record).Host("partner.example", "198.51.100.1").Text("loop.example", "v=spf1 include:partner.example");

        var (code, errors) = Resolve("include:partner.example");

        code.Should().Be(69);
        errors.Should().Contain(why).And.EndWith(": nothing is known of it\n");
    }

    [Test]
    public void A_record_that_leads_on_and_on_is_given_up()
    {
        _dns.Text("partner.example", "v=spf1 include:d0.example");
        for (var i = 0; i < 20; i++)
            _dns.Text($"d{i}.example", $"v=spf1 ip4:198.51.100.{i} include:d{i + 1}.example");

        Resolve("include:partner.example").Errors.Should().Contain("takes more than 10 look-ups");
    }

    [Test]
    public void The_last_good_answer_stays_where_no_other_comes()
    {
        _dns.Host("mail.partner.example", "192.0.2.7");
        Resolve("mail.partner.example").Code.Should().Be(0);
        _dns.Forget("mail.partner.example");

        var (code, errors) = Resolve("mail.partner.example", "--all");

        (code, Known()).Should().Be((69, "mail.partner.example 192.0.2.7"));
        errors.Should().MatchRegex(@"^blocksmtp: mail\.partner\.example: .*: what was known at \S+ \S+ UTC stays until \S+\n$");
    }

    [Test]
    public void A_name_whose_time_is_not_over_is_not_asked_for()
    {
        _dns.Host("mail.partner.example", "192.0.2.7");
        Resolve("mail.partner.example").Code.Should().Be(0);
        var asked = _dns.Asked;

        Resolve("mail.partner.example").Should().Be((0, ""));

        _dns.Asked.Should().Be(asked);
    }

    [Test]
    public async Task The_daemon_trusts_what_was_found_and_why_says_which_name_it_was()
    {
        _dns.Host("mail.partner.example", "203.0.113.7");
        var names = _folder.Write("names", "mail.partner.example\n");
        var cache = _folder["cache"];
        await using var daemon = await DryRunDaemon.StartAsync($"white-list-names = {names}\nnames-cache = {cache}\n");
        await daemon.Says("of 1 of the 1 names of the white-list no address is known yet");
        daemon.Ask("block", "203.0.113.7").ExitCode.Should().Be(0);

        Resolve("mail.partner.example").Code.Should().Be(0);

        await daemon.Says("the 1 names of the white-list stand for 1 networks now");
        daemon.Ask("list").Output.Should().NotContain("203.0.113.7", "whom the white-list trusts is released at once");
        daemon.Ask("why", "203.0.113.7").Output.Should().MatchRegex(
            $@"203\.0\.113\.7 is not blocked and never will be: white-listed by 203\.0\.113\.7 \(mail\.partner\.example at {names}:1, as of \S+ \S+ UTC\)");
        daemon.Ask("reload").ExitCode.Should().Be(0);
        daemon.Ask("block", "203.0.113.7").ExitCode.Should().Be(77, "a reload knows the names as well");
        Tool.Run("check", "--dry-run", $"--config={daemon.Configuration}").Output.Should().Contain(
            $"names        1 in {names} stand for 1 networks");
    }

    [Test]
    public void What_is_no_name_is_said_of_all_lines_at_once()
    {
        var names = _folder.Write("names", "mail.partner.example\n192.0.2.7\ninclude:\na..b\n");

        var (code, _, errors) = Tool.Run("check", "--dry-run", $"--config={_folder.Write("conf", "")}", $"--white-list-names={names}");

        code.Should().Be(78);
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should().HaveCount(3).And.OnlyContain(line => line.StartsWith($"blocksmtp: {names}:", StringComparison.Ordinal));
    }

    private string Known() =>
        string.Join('\n', File.ReadAllLines(_folder["cache"]).Where(line => line[0] != '#').Select(line => line.Split('\t')).Select(parts =>
            $"{parts[0]} {parts[3]}"));

    private (int Code, string Errors) Resolve(string name, params string[] more)
    {
        var names = _folder.Write("names", name + "\n");
        var (code, _, errors) = Tool.Run(
            [
                "resolve", $"--config={_folder.Write("conf", "")}", $"--white-list-names={names}", $"--names-cache={_folder["cache"]}",
                $"--dns-server={_dns.Address}", .. more]);
        return (code, errors);
    }
}
