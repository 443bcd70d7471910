using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Tests.Kernel;

[TestFixture("nft")]
[TestFixture("legacy")]
public sealed class IptablesFailureTests(string flavour) : IptablesFixture(flavour)
{
    private DirectoryInfo _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("bsmtp-");

    [TearDown]
    public void RemoveDirectory() => _directory?.Delete(recursive: true);

    [Test]
    public async Task A_tool_that_is_missing_is_said_before_anything_is_changed(
        [Values("iptables", "ip6tables")] string family, [Values("", "-restore")] string verb)
    {
        var tool = family + Flavour + verb;
        LinkTools(except: tool);

        var failure = await FailureOf(MakeFromDirectory().StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default));

        failure.Failure.Should().Be(FirewallFailure.Missing);
        failure.Message.Should().Be($"{tool} is not installed: install the package iptables");
        Families.SelectMany(Rules).Should().BeEmpty();
    }

    [TestCase("--reuid=65534", "--regid=65534", "--clear-groups")]
    [TestCase("--bounding-set=-net_admin", "--inh-caps=-net_admin")]
    public async Task What_is_not_permitted_is_said_before_anything_is_changed(params string[] without)
    {
        Requires.Tool("setpriv");
        var firewall = Make(tools: new() { Flavour = Flavour, Prefix = [.. Network.Prefix, "setpriv", .. without] });

        var failure = await FailureOf(firewall.StartAsync(Blocks("192.0.2.1/32"), default));

        failure.Failure.Should().Be(FirewallFailure.NotPermitted);
        failure.Message.Should().StartWith($"iptables{Flavour}: ").And.EndWith(": run as root or with CAP_NET_ADMIN");
        Families.SelectMany(Rules).Should().BeEmpty();
    }

    [Test]
    public async Task Without_IPv6_there_is_only_IPv4_and_IPv6_hosts_count_as_blocked()
    {
        LinkTools(except: "ip6tables" + Flavour);
        var firewall = MakeFromDirectory(iPv6: false);

        await firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        await firewall.ApplyAsync([Block("192.0.2.2/32"), Block("2001:db8::2/128"), Release("2001:db8::1/128")], default);
        await firewall.StartAsync(Blocks("192.0.2.2/32", "2001:db8::2/128"), default);

        (await firewall.ListAsync(default)).Select(network => network.ToString()).Should().Equal("192.0.2.2/32", "2001:db8::2/128");
        Rules("ip6tables").Should().BeEmpty();
        Log.Entries.Where(entry => entry.Level == LogLevel.Warning).Should().ContainSingle().Which.Id.Should().Be(1310);
        await firewall.StopAsync(default);
        Rules("iptables").Should().BeEmpty();
    }

    [Test]
    public async Task A_tool_that_hangs_is_killed_and_the_next_call_mends()
    {
        LinkTools();
        var firewall = MakeFromDirectory();
        await firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        var restore = $"iptables{Flavour}-restore";
        Script(restore, "sleep 1000");
        var hanging = MakeFromDirectory();

        var failure = await FailureOf(hanging.StartAsync(Blocks("192.0.2.2/32"), default));

        failure.Failure.Should().Be(FirewallFailure.Failed);
        failure.Message.Should().StartWith($"{restore} did not end within 2 s and was killed");
        Rules("iptables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("192.0.2.1/32"));
        Link(restore);
        await hanging.ApplyAsync([Block("192.0.2.3/32")], default);
        Rules("iptables", "SPAM_UNAME_GUESSERS").Should().BeEquivalentTo(Rule("192.0.2.2/32"), Rule("192.0.2.3/32"));
    }

    [Test]
    public async Task What_a_failing_tool_says_is_in_the_message()
    {
        LinkTools();
        Script($"ip6tables{Flavour}-restore", "echo 'ip6tables-restore v1.8.9: the moon is full' >&2; exit 4");

        var failure = await FailureOf(MakeFromDirectory().StartAsync(Blocks("2001:db8::1/128"), default));

        failure.Message.Should().StartWith($"ip6tables{Flavour}-restore: the moon is full: ");
    }

    [Test]
    public async Task A_kernel_without_the_modules_is_said_before_anything_is_changed()
    {
        LinkTools();
        Script(
            "ip6tables" + Flavour,
            "echo \"ip6tables: can't initialize ip6tables table \\`filter': Table does not exist (do you need to insmod?)\" >&2; exit 3");

        (await FailureOf(MakeFromDirectory().StartAsync(Blocks("192.0.2.1/32"), default))).Failure.Should().Be(FirewallFailure.Missing);
        Rules("iptables").Should().BeEmpty();
    }

    private IptablesFirewall MakeFromDirectory(bool iPv6 = true) => Make(
        new() { CallTimeout = TimeSpan.FromSeconds(2) },
        new()
        {
            Flavour = Flavour,
            Prefix = Network.Prefix,
            SearchPath = [_directory.FullName],
            IPv6InterfacesFile = iPv6 ? "/proc/net/if_inet6" : "/nonexistent",
        });

    private void LinkTools(string? except = null)
    {
        foreach (var tool in Families.SelectMany(family => new[] { family + Flavour, family + Flavour + "-restore" }).Where(tool =>
            tool != except))
            Link(tool);
    }

    private void Link(string tool)
    {
        var path = Path.Combine(_directory.FullName, tool);
        File.Delete(path);
        File.CreateSymbolicLink(path, Requires.Find(tool)!);
    }

    private void Script(string tool, string script)
    {
        var path = Path.Combine(_directory.FullName, tool);
        File.Delete(path);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        Command.Run("chmod", "a+rx", path);
    }
}
