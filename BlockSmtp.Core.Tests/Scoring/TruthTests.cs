using System.Net;
using BlockSmtp.Scoring;

namespace BlockSmtp.Tests.Scoring;

/// <summary>The files that a score is made of.</summary>
public sealed class TruthTests
{
    [Test]
    public void A_truth_is_a_json_object_a_line_and_more_in_it_is_passed_over()
    {
        var truth = Truth.Read(new StringReader("""
            {"ip":"192.0.2.1","kind":"provider","guesser":false,"unknown":3,"guesses":[]}

            {"ip":"2001:db8:0:0:0:0:0:1","guesser":true}
            """));

        truth.Count.Should().Be(2);
        truth.Find(IPAddress.Parse("192.0.2.1")).Should().Be(new HostTruth(false, "provider"));
        truth.Find(IPAddress.Parse("2001:db8::1")).Should().Be(new HostTruth(true, "guesser"));
        truth.Find(IPAddress.Parse("192.0.2.2")).Should().BeNull();
    }

    [Test]
    public void An_address_goes_before_its_networks_and_a_small_one_before_a_large_one()
    {
        var truth = Truth.ReadLabels(new StringReader("""
            # what we know
            10.1.2.3/32 guesser
            10.0.0.0/8  innocent  ours
            10.1.0.0/16 guesser   # a floor of students
            """));

        truth.Find(IPAddress.Parse("10.1.2.3"))!.IsGuesser.Should().BeTrue();
        truth.Find(IPAddress.Parse("10.1.9.9"))!.IsGuesser.Should().BeTrue();
        truth.Find(IPAddress.Parse("10.2.9.9")).Should().Be(new HostTruth(false, "ours"));
    }

    [Test]
    public void Bans_have_a_time_an_address_and_perhaps_an_end()
    {
        var bans = TruthLines.ReadBans(
            new StringReader("2026-11-23T18:00:05Z 192.0.2.1 2026-11-23T22:00:05+01:00\n2026-11-23T18:00:06 2001:db8::/64 # for ever\n"));

        bans.Should().Equal(
            new BlockSpan(IPNetwork.Parse("192.0.2.1/32"), At(5), At(5).AddHours(3)),
            new BlockSpan(IPNetwork.Parse("2001:db8::/64"), At(6), DateTimeOffset.MaxValue));
    }

    [Test]
    public void A_transaction_has_its_recipients_with_their_times_and_answers()
    {
        const string Line = "6ANI05ht008930\t192.0.2.1\t7\t1795456805.000000\t1795456806.5\t0\t900\t"
            + "1795456805.25:joe:1,1795456805.5:a:b:0\n";

        var transaction = TruthLines.ReadTransactions(new StringReader(Line)).Single();


        transaction.Should()
            .BeEquivalentTo(new { Peer = IPAddress.Parse("192.0.2.1"), Start = At(5), End = At(6).AddMilliseconds(500), IsTaken = true });
        transaction.Recipients.Should().Equal(
            new ScoredRecipient(At(5).AddMilliseconds(250), ScoredRecipient.KeyOf("JOE"), true),
                new ScoredRecipient(At(5).AddMilliseconds(500), ScoredRecipient.KeyOf("a:b"), false));
    }

    [TestCase("{}")]
    [TestCase("{\"ip\":\"192.0.2.1\"}")]
    [TestCase("{\"ip\":\"localhost\",\"guesser\":true}")]
    [TestCase("{\"ip\":7,\"guesser\":true}")]
    [TestCase("{\"ip\":\"192.0.2.1\",\"guesser\":\"yes\"}")]
    [TestCase("192.0.2.1 guesser")]
    public void A_bad_line_of_a_truth_is_named(string line) =>
        Fails(() => Truth.Read(new StringReader($"{{\"ip\":\"192.0.2.1\",\"guesser\":true}}\n{line}\n")));

    [TestCase("192.0.2.1")]
    [TestCase("192.0.2.1 spammer")]
    [TestCase("guesser 192.0.2.1")]
    [TestCase("192.0.2.1 guesser a b")]
    public void A_bad_label_is_named(string line) => Fails(() => Truth.ReadLabels(new StringReader($"# labels\n{line}\n")));

    [TestCase("2026-11-23T18:00:05Z")]
    [TestCase("yesterday 192.0.2.1")]
    [TestCase("2026-11-23T18:00:05Z mail.example.org")]
    [TestCase("2026-11-23T18:00:05Z 192.0.2.1 later")]
    [TestCase("2026-11-23T18:00:05Z 192.0.2.1 2026-11-23T18:00:05Z 3")]
    public void A_bad_ban_is_named(string line) => Fails(() => TruthLines.ReadBans(new StringReader($"\n{line}\n")));

    [TestCase("a\tb")]
    [TestCase("q\t192.0.2.1\t7\tnow\t1\t0\t0\t")]
    [TestCase("q\t192.0.2.1\t7\t1\t1\t0\t0\t1:joe")]
    [TestCase("q\tx\t7\t1\t1\t0\t0\t1:joe:1")]
    public void A_bad_transaction_is_named(string line) => Fails(() => TruthLines.ReadTransactions(new StringReader($"\n{line}\n")));

    private static DateTimeOffset At(int seconds) => new(2026, 11, 23, 18, 0, seconds, TimeSpan.Zero);

    private static void Fails(Action read) => read.Should().Throw<TruthFileException>().Which.Line.Should().Be(2);
}
