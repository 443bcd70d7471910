using BlockSmtp.Firewalls;

namespace BlockSmtp.Tests.Firewalls;

public sealed class IptablesFirewallOptionsTests
{
    [Test]
    public void The_defaults_are_those_of_the_original()
    {
        var options = new IptablesFirewallOptions();
        options.ChainName.Should().Be("SPAM_UNAME_GUESSERS");
        options.Ports.Should().Equal(25);
        options.CallTimeout.Should().Be(TimeSpan.FromSeconds(10));
    }

    [TestCase("S")]
    [TestCase("a.B_c-9")]
    [TestCase("0123456789012345678901234567")]
    [TestCase("input")]
    public void A_legal_chain_name_is_taken(string name) =>
        Making(new() { ChainName = name }).Should().NotThrow();

    [TestCase("")]
    [TestCase(null)]
    [TestCase("01234567890123456789012345678")]
    [TestCase("-SPAM")]
    [TestCase("SPAM GUESSERS")]
    [TestCase("SPAM\n-F INPUT")]
    [TestCase("!SPAM")]
    [TestCase("SPÄM")]
    [TestCase("INPUT")]
    [TestCase("PREROUTING")]
    [TestCase("DROP")]
    [TestCase("RETURN")]
    [TestCase("LOG")]
    public void Any_other_chain_name_is_refused_by_name(string? name) =>
        Making(new() { ChainName = name! }).Should().Throw<ArgumentException>().Which.Message.Should().StartWith($"'{name}' ");

    [TestCase(0)]
    [TestCase(-25)]
    [TestCase(65536)]
    public void What_is_no_port_is_refused(int port) =>
        Making(new() { Ports = [25, port] }).Should().Throw<ArgumentException>().WithMessage($"{port} is not a port*");

    [Test]
    public void There_are_1_to_15_ports()
    {
        Making(new() { Ports = [] }).Should().Throw<ArgumentException>().WithMessage("0 ports*");
        Making(new() { Ports = null! }).Should().Throw<ArgumentException>().WithMessage("0 ports*");
        Making(new() { Ports = [.. Enumerable.Range(1, 15)] }).Should().NotThrow();
        Making(new() { Ports = [.. Enumerable.Range(1, 16)] }).Should().Throw<ArgumentException>().WithMessage("16 ports*");
    }

    [TestCase(1)]
    [TestCase(-1)]
    [TestCase(601)]
    public void A_timeout_out_of_range_is_refused(int seconds) =>
        Making(new() { CallTimeout = TimeSpan.FromSeconds(seconds) })
            .Should().Throw<ArgumentException>().WithMessage("*2 seconds to 10 minutes");

    [Test]
    public async Task Changes_before_the_start_are_a_mistake_of_the_caller() =>
        await FluentActions.Awaiting(async () => await new IptablesFirewall().ApplyAsync([default], default))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*StartAsync*");

    private static Action Making(IptablesFirewallOptions options) => () => _ = new IptablesFirewall(options);
}
