using System.Net;
using BlockSmtp.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlockSmtp.Tests.Hosting;

public sealed class OptionsTests
{
    [Test]
    public void Every_option_can_be_a_key_of_a_configuration()
    {
        var options = Read(
            ("LogFile", "/var/log/other"), ("FromStart", "true"), ("Mailer", "sendmail"), ("SyslogNames", "sm-mta, sendmail2"),
            ("SyslogHost", "mail2"), ("Policy", "count"), ("CountProbes", "true"), ("MaxEmptyTransactions", "50"), ("MaxOffenses", "5"),
            ("OffenseWindow", "900"), ("BlockTime", "2d"), ("WhiteList:0", "10.1.2.3/8"), ("WhiteList:1", "2001:db8::1"),
            ("WhiteListFile", "/dev/null"), ("MailerAddresses", "192.0.2.25,2001:db8::25"), ("MailerPorts:0", "25"),
            ("MailerPorts:1", "465"), ("firewall", "nftables"), ("ChainName", "GUESSERS"), ("TableName", "guessers"),
            ("FindPeers", "false"), ("EndSessions", "false"), ("MaxCmdRead", "0"), ("MaxStall", "30m"), ("CompareInterval", "90s"),
            ("KeepRules", "true"), ("KeepRecipients", "true"));

        options.Should().BeEquivalentTo(new BlockSmtpOptions
        {
            LogFile = "/var/log/other",
            FromStart = true,
            Mailer = Mailer.Sendmail,
            SyslogNames = ["sm-mta", "sendmail2"],
            SyslogHost = "mail2",
            Policy = PolicyRule.Count,
            CountProbes = true,
            MaxEmptyTransactions = 50,
            MaxOffenses = 5,
            OffenseWindow = TimeSpan.FromMinutes(15),
            BlockTime = TimeSpan.FromDays(2),
            WhiteList = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::1/128")],
            WhiteListFile = "/dev/null",
            MailerAddresses = [IPAddress.Parse("192.0.2.25"), IPAddress.Parse("2001:db8::25")],
            MailerPorts = [25, 465],
            Firewall = FirewallBackend.Nftables,
            ChainName = "GUESSERS",
            TableName = "guessers",
            FindPeers = false,
            EndSessions = false,
            MaxCmdRead = TimeSpan.Zero,
            MaxStall = TimeSpan.FromMinutes(30),
            CompareInterval = TimeSpan.FromSeconds(90),
            KeepRules = true,
            KeepRecipients = true,
        });
        typeof(BlockSmtpOptions).GetProperties().Should().HaveCount(25, "the test names every one of them");
    }

    [TestCase("MaxOffenses", "many", "Mail:MaxOffenses: 'many' cannot be read: write a whole number")]
    [TestCase("MaxOffenses", "-1", "Mail:MaxOffenses: -1 is out of range: give 0 to 10000")]
    [TestCase("BlockTime", "soon", "Mail:BlockTime: 'soon' cannot be read: write a duration: 90s, 15m, 3h or 2d")]
    [TestCase("BlockTime", "03:00:00", "Mail:BlockTime: '03:00:00' cannot be read: write a duration: 90s, 15m, 3h or 2d")]
    [TestCase("BlockTime", "0", "Mail:BlockTime: there must be some time: give more than zero")]
    [TestCase("OffenseWindow", "0", "Mail:OffenseWindow: there must be some time: give more than zero")]
    [TestCase("BlokTime", "3h", "Mail:BlokTime: there is no such setting: write it as a property of BlockSmtpOptions, or take it out")]
    [TestCase("MailerPorts", "25,smtp", "Mail:MailerPorts: 'smtp' cannot be read: write a port, 1 to 65535")]
    [TestCase("MailerPorts", "25,70000", "Mail:MailerPorts: 70000 is not a port: use 1 to 65535")]
    [TestCase("MailerPorts", "", "Mail:MailerPorts: 0 ports to close: name 1 to 15")]
    [TestCase("MailerAddresses:0", "mail1", "Mail:MailerAddresses:0: 'mail1' cannot be read: write an IP address")]
    [TestCase("WhiteList:0", "example.org", "Mail:WhiteList:0: 'example.org' cannot be read: write a network, such as 192.0.2.0/24")]
    [TestCase("WhiteListFile", "/nonexistent", "Mail:WhiteListFile: Could not find file '/nonexistent'.")]
    [TestCase("Firewall", "pf", "Mail:Firewall: 'pf' cannot be read: write Iptables, Nftables, Ipset or DryRun")]
    [TestCase("Firewall", "1", "Mail:Firewall: '1' cannot be read: write Iptables, Nftables, Ipset or DryRun")]
    [TestCase("ChainName", "INPUT", "Mail:ChainName: 'INPUT' is a chain or target of iptables' own: choose another name for the chain")]
    [TestCase(
        "TableName", "a b", "Mail:TableName: 'a b' can't be the name of a table: use a letter, then up to 63 letters, digits and '_'")]
    [TestCase("SyslogNames", "", "Mail:SyslogNames: there is no name: give the one that the mail server logs under")]
    [TestCase("SyslogHost", "", "Mail:SyslogHost: it is empty: name the host, or leave the key out")]
    [TestCase("FindPeers", "maybe", "Mail:FindPeers: 'maybe' cannot be read: write true or false")]
    public void What_is_wrong_is_said_with_its_key(string key, string value, string message) =>
        FluentActions.Invoking(() => Read((key, value)))
            .Should().Throw<OptionsValidationException>().Which.Failures.Should().Equal(message);

    [Test]
    public void All_that_is_wrong_is_said_at_once() =>
        FluentActions.Invoking(() => Read(("MaxOffenses", "-1"), ("BlockTime", "0"), ("X", "1")))
            .Should().Throw<OptionsValidationException>().Which.Failures.Should().HaveCount(3);

    [Test]
    public void What_is_wrong_in_code_is_said_with_the_property()
    {
        using var provider = new ServiceCollection().AddBlockSmtp(options => options.MailerPorts = [0]).BuildServiceProvider();
        FluentActions.Invoking(() => provider.GetRequiredService<DetectionEngine>()).Should().Throw<OptionsValidationException>()
            .WithMessage("BlockSmtpOptions.MailerPorts: 0 is not a port: use 1 to 65535");
    }

    private static BlockSmtpOptions Read(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => new KeyValuePair<string, string?>("Mail:" + value.Key, value.Value))).Build();
        using var provider = new ServiceCollection().AddBlockSmtp(configuration.GetSection("Mail")).BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<BlockSmtpOptions>>().Get("");
    }
}
