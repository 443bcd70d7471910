using BlockSmtp.Testing;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>The conformance of a firewall that has a chain of one flavour of iptables, in a network namespace for each test anew.</summary>
public abstract class NetfilterConformance(string flavour) : SharedFirewallConformance
{
    private const string Chain = "SPAM_UNAME_GUESSERS";

    private protected NetworkNamespace Network { get; private set; } = null!;

    [SetUp]
    public void Enter()
    {
        Requires.Tool($"iptables-{flavour}-restore");
        Requires.Tool($"ip6tables-{flavour}-restore");
        Network = new NetworkNamespace();
        var (exitCode, _, errors) = Command.Try("ip", "netns", "exec", Network.Name, $"iptables-{flavour}", "-S", "INPUT");
        Requires.Need(exitCode == 0, $"this kernel has no iptables-{flavour}: {errors}");
    }

    [TearDown]
    public void Leave() => Network?.Dispose();

    protected override Task PutRulesOfOthersAsync()
    {
        foreach (var (family, host) in new[] { ("iptables", "192.0.2.1/32"), ("ip6tables", "2001:db8::1/128") })
        {
            Run(family, "-P", "FORWARD", "DROP");
            Run(family, "-N", Chain + "2");
            Run(family, "-A", Chain + "2", "-s", host, "-p", "tcp", "--dport", "25", "-j", "DROP");
            Run(family, "-A", "INPUT", "-i", "lo", "-j", "ACCEPT");
            Run(family, "-A", "INPUT", "-p", "tcp", "--dport", "25", "-j", Chain + "2");
            Run(family, "-A", "INPUT", "-s", host, "-p", "tcp", "--dport", "25", "-j", "DROP");
        }
        return Task.CompletedTask;
    }

    protected override Task<IReadOnlyList<string>> ReadRulesOfOthersAsync() => Task.FromResult<IReadOnlyList<string>>(
    [
        .. from family in new[] { "iptables", "ip6tables" }
           from rule in Run(family, "-S").Split('\n', StringSplitOptions.RemoveEmptyEntries)
           where !rule.Split(' ').Contains(Chain)
           select $"{family} {rule}",
    ]);

    protected override Task FlushAsync()
    {
        foreach (var family in new[] { "iptables", "ip6tables" })
        {
            Run(family, "-F");
            Run(family, "-X");
        }
        return Task.CompletedTask;
    }

    private string Run(string family, params string[] arguments) => Network.Run($"{family}-{flavour}", ["-w", .. arguments]);
}
