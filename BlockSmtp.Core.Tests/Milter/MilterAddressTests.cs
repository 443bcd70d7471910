using BlockSmtp.Milter;

namespace BlockSmtp.Tests.Milter;

public sealed class MilterAddressTests
{
    [TestCase("unix:/run/blocksmtp/milter.sock", "unix:/run/blocksmtp/milter.sock")]
    [TestCase("local:/run/milter", "unix:/run/milter")]
    [TestCase("inet:8899@127.0.0.1", "inet:8899@127.0.0.1")]
    [TestCase("inet:8899@localhost", "inet:8899@127.0.0.1")]
    [TestCase("inet:127.0.0.1:8899", "inet:8899@127.0.0.1")]
    [TestCase("inet6:8899@::1", "inet6:8899@::1")]
    [TestCase("inet:[::1]:8899", "inet6:8899@::1")]
    public void It_is_written_as_either_mail_server_writes_it(string text, string shown)
    {
        MilterAddress.TryParse(text, out var address).Should().BeTrue();
        MilterAddress.Show(address!).Should().Be(shown);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("/run/milter")]
    [TestCase("unix:run/milter")]
    [TestCase("unix:")]
    [TestCase("inet:8899")]
    [TestCase("inet:@127.0.0.1")]
    [TestCase("inet:8899@mail.example.org")]
    [TestCase("inet:8899@8899")]
    [TestCase("inet:65536@127.0.0.1")]
    [TestCase("tcp:8899@127.0.0.1")]
    public void Anything_else_is_none(string? text) => MilterAddress.TryParse(text, out _).Should().BeFalse();

    [TestCase(399, "3.0.0", "x")]
    [TestCase(550, "4.0.0", "x")]
    [TestCase(550, "5.1", "x")]
    [TestCase(550, "5.1.1", "")]
    [TestCase(550, "5.1.1", "two\r\nlines")]
    [TestCase(550, "5.1.1", "ä")]
    public void A_reply_that_no_mail_server_would_take_cannot_be_made(int code, string status, string text)
    {
        var make = () => MilterReply.Of(code, status, text);
        make.Should().Throw<ArgumentException>();
    }
}
