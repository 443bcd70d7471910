using System.Net;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Tests.Cli;

public sealed class ExplanationTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [TestCase("<anna@example.org>", "<anna@example.org>")]
    [TestCase("<\"x\"@y>, <bob@example.org>, <carl", @"<""x""@y>\, <bob@example.org>\, <carl")]
    [TestCase(@"<a\,b>", @"<a\\\,b>")]
    public void One_name_looks_like_one_whatever_is_in_it(string name, string shown) =>
        Explain(name, "<zoe@example.org>").Should().Contain($"  tried     {shown}, <zoe@example.org>{Environment.NewLine}");

    [Test]
    public void The_same_name_again_and_again_is_shown_once() =>
        Explain([.. Enumerable.Repeat("gone", 4_461), "anna", "gone"])
            .Should().Contain($"  tried     gone (4,462 times), anna{Environment.NewLine}");

    [Test]
    public void Of_a_great_many_names_the_first_are_shown_and_how_many_there_are() =>
        Explain([.. Enumerable.Range(1, 4_460).Select(number => $"n{number}"), "n20"])
            .Should().Contain("  tried     n1, n2, ")
            .And.Contain($", n19, n20 (2 times), ... and 4,440 more{Environment.NewLine}").And.NotContain("n21");

    [Test]
    public void A_name_of_which_the_log_has_left_out_a_part_is_told_to_be_one() =>
        Explain("anna", "", "bob", "").Should().Contain($"  tried     anna, (shortened) (2 times), bob{Environment.NewLine}");

    private static string Explain(params string[] names)
    {
        var peer = IPAddress.Parse("203.0.113.20");
        var offenses = names.Select(name => new Offense(peer, Start, OffenseKind.UnknownRecipient) { Recipient = name }).ToArray();
        var output = new StringWriter();

        Explanation.Write(output, new HostExplanation(offenses[0].Peer) { Offenses = offenses }, null, Start);

        return output.ToString();
    }
}
