using BlockSmtp.Firewalls;

namespace BlockSmtp.Tests.Firewalls;

public sealed class NftablesFirewallOptionsTests
{
    [TestCase("b")]
    [TestCase("Block_smtp_9")]
    public void A_legal_table_name_is_taken(string name) =>
        Making(new() { TableName = name }).Should().NotThrow();

    [TestCase("")]
    [TestCase(null)]
    [TestCase("9")]
    [TestCase("_a")]
    [TestCase("a b")]
    [TestCase("a; flush ruleset")]
    [TestCase("a\nb")]
    [TestCase("ä")]
    [TestCase("a1234567890123456789012345678901234567890123456789012345678901234")]
    public void Any_other_table_name_is_refused_by_name(string? name) =>
        Making(new() { TableName = name! }).Should().Throw<ArgumentException>().Which.Message.Should().StartWith($"'{name}' ");

    [TestCase(0)]
    [TestCase(65536)]
    public void What_is_no_port_is_refused(int port) =>
        Making(new() { Ports = [25, port] }).Should().Throw<ArgumentException>().WithMessage($"{port} is not a port*");

    [Test]
    public void There_are_1_to_15_ports()
    {
        Making(new() { Ports = [] }).Should().Throw<ArgumentException>().WithMessage("0 ports*");
        Making(new() { Ports = null! }).Should().Throw<ArgumentException>().WithMessage("0 ports*");
        Making(new() { Ports = [.. Enumerable.Range(1, 16)] }).Should().Throw<ArgumentException>().WithMessage("16 ports*");
    }

    [Test]
    public async Task Changes_before_the_start_are_a_mistake_of_the_caller()
    {
        using var firewall = new NftablesFirewall();
        await FluentActions.Awaiting(async () => await firewall.ApplyAsync([default], default))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*StartAsync*");
    }

    private static Action Making(NftablesFirewallOptions options) => () => new NftablesFirewall(options).Dispose();
}
