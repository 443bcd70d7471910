using System.Net;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Tests.Cli;

public sealed class ExplanationTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [TestCase("<anna@example.org>", "<anna@example.org>")]
    [TestCase("<\"x\"@y>, <bob@example.org>, <carl", @"<""x""@y>\, <bob@example.org>\, <carl")]
    [TestCase(@"<a\,b>", @"<a\\\,b>")]
    public void One_name_looks_like_one_whatever_is_in_it(string name, string shown)
    {
        var offense = new Offense(IPAddress.Parse("203.0.113.20"), Start, OffenseKind.UnknownRecipient) { Recipient = name };
        var output = new StringWriter();

        Explanation.Write(output, new HostExplanation(offense.Peer) { Offenses = [offense, offense] }, null, Start);

        output.ToString().Should().Contain($"  tried     {shown}, {shown}{Environment.NewLine}");
    }
}
