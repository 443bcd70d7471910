using System.Net;
using BlockSmtp.Processes;

namespace BlockSmtp.Tests.Processes;

[TestFixture]
internal sealed class SendmailProcessOptionsTests
{
    [Test]
    public void Without_options_the_mailer_is_any_address_at_port_25()
    {
        var options = new SendmailProcessOptions();

        options.MailerAddresses.Should().BeEmpty();
        options.MailerPorts.Should().Equal(25);
    }

    [TestCase(0)]
    [TestCase(-25)]
    [TestCase(65536)]
    public void A_port_that_does_not_exist_is_refused(int port)
    {
        var create = () => new SendmailReaper(new SendmailProcessOptions { MailerPorts = [25, port] });

        create.Should().Throw<ArgumentException>().WithMessage($"{port} is not a TCP port*");
    }

    [Test]
    public void No_port_at_all_is_refused()
    {
        var create = () => new SendmailPeerLookup(new SendmailProcessOptions { MailerPorts = [] });

        create.Should().Throw<ArgumentException>().WithMessage("MailerPorts is empty*");
    }

    [TestCase("0.0.0.0")]
    [TestCase("::")]
    public void The_address_of_no_connection_is_refused(string address)
    {
        var create = () => new SendmailPeerLookup(new SendmailProcessOptions { MailerAddresses = [IPAddress.Parse(address)] });

        create.Should().Throw<ArgumentException>().WithMessage($"'{address}' is no address of a connection*");
    }
}
