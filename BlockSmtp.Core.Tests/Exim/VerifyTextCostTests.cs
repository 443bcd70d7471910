using System.Diagnostics;
using System.Text;
using BlockSmtp.Exim;
using BlockSmtp.Grammars;

namespace BlockSmtp.Tests.Exim;

/// <summary>The name that VRFY asks for is the client's and may be long: what it holds must not be read again and again.</summary>
/// <remarks>Thirty times as much costs as many times as much; read once for each piece, it would cost nine hundred times.</remarks>
public sealed class VerifyTextCostTests
{
    private const int Few = 200;
    private const int Many = 6_000;
    private const double MostTimes = 200;

    [TestCase("(", " H=[192.0.2.4] U=a", ") nosuch@example.org")]
    [TestCase("", " H=[192.0.2.4]", " x nosuch@example.org")]
    [TestCase("(", " H=[192.0.2.4] U=\"", "\") nosuch@example.org")]
    [TestCase("", " H=(", "nosuch@example.org")]
    [TestCase("", " H=x (", "nosuch@example.org")]
    [TestCase("", " H=[192.0.2.4] (x", ") nosuch@example.org")]
    public void A_line_costs_as_much_as_it_is_long(string before, string piece, string behind)
    {
        var (few, many) = (Line(Few), Line(Many));
        var (fewTime, manyTime) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < 5; round++)
        {
            fewTime = Quicker(fewTime, few, 60);
            manyTime = Quicker(manyTime, many, 2);
        }

        (manyTime / 2 / (fewTime / 60)).Should().BeLessThan(MostTimes);

        byte[] Line(int pieces) =>
            Encoding.ASCII.GetBytes(before + string.Concat(Enumerable.Repeat(piece, pieces)) + behind + " H=(x) [203.0.113.66]");
    }

    [TestCase("(", " H=[192.0.2.4] U=a", ") nosuch@example.org")]
    [TestCase("\"", " H=[192.0.2.4] U=a", "\"@example.org")]
    [TestCase("", " H=[192.0.2.4]", " x nosuch@example.org")]
    [TestCase("", " H=(", "nosuch@example.org")]
    public void A_long_name_hides_no_client(string before, string piece, string behind)
    {
        var read = default(MailEvent);
        var name = before + string.Concat(Enumerable.Repeat(piece, Few)) + behind;

        VerifyText.Read(Encoding.ASCII.GetBytes(name + " H=(x) [203.0.113.66]"), ref read);

        read.Kind.Should().Be(MailEventKind.Probe);
        Encoding.ASCII.GetString(read.Text).Should().Be("203.0.113.66");
        Encoding.ASCII.GetString(read.Recipient).Should().Be(name);
    }

    private static TimeSpan Quicker(TimeSpan before, byte[] line, int times)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
        {
            var read = default(MailEvent);
            VerifyText.Read(line, ref read);
        }

        var time = Stopwatch.GetElapsedTime(start);
        return time < before ? time : before;
    }
}
