using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Judging;
using BlockSmtp.State;

namespace BlockSmtp.Tests.Detection;

public sealed class HostTracesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);

    [Test]
    public void Of_a_host_that_guesses_for_a_month_only_what_still_counts_is_kept()
    {
        var traces = new HostTraces(new UncommittedState(), TimeSpan.FromDays(1));
        var host = IPAddress.Parse("203.0.113.20");
        for (var hours = 0; hours < 30 * 24; hours += 12)
            traces.Add(HostKey.Of(host), new Offense(host, Start.AddHours(hours), OffenseKind.UnknownRecipient));

        traces.Of(host).Offenses.Select(offense => offense.Time)
            .Should().Equal(Start.AddHours((30 * 24) - 36), Start.AddHours((30 * 24) - 24), Start.AddHours((30 * 24) - 12));
    }

    [Test]
    public void What_names_may_take_is_bounded_and_the_latest_hosts_are_kept()
    {
        var traces = new HostTraces(new UncommittedState(), TimeSpan.FromDays(1));
        var name = new string('x', 10_000);
        for (var number = 0; number < 40_000; number++)
        {
            var host = new IPAddress([10, 1, (byte)(number >> 8), (byte)number]);
            traces.Add(HostKey.Of(host), new Offense(host, Start.AddSeconds(number), OffenseKind.UnknownRecipient) { Recipient = name });
        }

        // 40,000 names of 20 KB are more than any machine's share.
        var kept = traces.All.ToArray();
        kept.Length.Should().BeInRange(500, 20_000);
        kept[^1].Host.Should().Be(IPAddress.Parse("10.1.156.63"));
        traces.Of(IPAddress.Parse("10.1.0.0")).Offenses.Should().BeEmpty();
    }

    [Test]
    public void What_a_transaction_was_is_kept_with_its_offenses_whatever_is_between_them()
    {
        var random = new Random(1);
        var traces = new HostTraces(new UncommittedState(), TimeSpan.FromSeconds(200));
        var host = IPAddress.Parse("203.0.113.20");
        var expected = new List<(ulong Transaction, SenderKind Sender)>();
        for (var second = 0; second < 2_000; second++)
        {
            var transaction = (ulong)random.Next(1, 400);
            for (var i = random.Next(1, 3); i > 0; i--)
                Add(second, transaction);
            Add(second, 1_000 + ((ulong)second / 50));
            if (random.Next(3) == 0)
                continue;
            traces.End(HostKey.Of(host), new TransactionEnd(host, Start.AddSeconds(second), transaction) { Sender = SenderKind.Named });
            for (var i = 0; i < expected.Count; i++)
                expected[i] = expected[i].Transaction == transaction ? (transaction, SenderKind.Named) : expected[i];
        }

        var kept = traces.Of(host).Offenses;
        kept.Should().HaveCountGreaterThan(400);
        kept.Select(offense => (offense.Transaction, offense.Sender)).Should().Equal(expected.TakeLast(kept.Count));

        void Add(int second, ulong transaction)
        {
            traces.Add(HostKey.Of(host), OffenseOf(host, second, transaction));
            expected.Add((transaction, SenderKind.Unknown));
        }
    }

    [Test]
    public void At_the_end_of_a_transaction_no_more_is_looked_at_than_has_happened_since_it_began()
    {
        var traces = new HostTraces(new UncommittedState(), TimeSpan.FromDays(1));
        var host = IPAddress.Parse("203.0.113.20");
        // Another session is held open all the while.
        traces.Add(HostKey.Of(host), OffenseOf(host, 0, 1));
        for (var number = 2; number < 9_000; number++)
        {
            traces.Add(HostKey.Of(host), OffenseOf(host, number, (ulong)number));
            traces.End(HostKey.Of(host), new TransactionEnd(host, Start.AddSeconds(number), (ulong)number));
        }

        traces.LookedAt.Should().BeLessThan(9_000);
        traces.End(HostKey.Of(host), new TransactionEnd(host, Start.AddSeconds(9_000), 1) { Sender = SenderKind.Null });
        traces.LookedAt.Should().BeLessThan(18_000);
        traces.Of(host).Offenses[0].Sender.Should().Be(SenderKind.Null);
    }

    [Test]
    public void What_blocks_were_made_of_is_put_by_for_a_bounded_number_of_them_and_what_it_takes_given_back()
    {
        var traces = new HostTraces(new UncommittedState(), TimeSpan.FromDays(1));
        IPNetwork[] blocks =
            [.. Enumerable.Range(0, 2_000).Select(i => new IPNetwork(new IPAddress([10, 1, (byte)(i >> 8), (byte)i]), 32))];
        foreach (var block in blocks)
        {
            var host = block.BaseAddress;
            for (var i = 0; i < 4; i++)
                traces.Add(HostKey.Of(host), OffenseOf(host, i, 1) with { Recipient = $"name{i}" });
            traces.Take(HostKey.Of(host), 4, block)!.Recipients.Should().Equal("name0", "name1", "name2", "name3");
        }

        traces.All.Should().BeEmpty();
        foreach (var block in blocks)
            traces.GiveBack(block);
        traces.All.Should().HaveCount(1_024).And.OnlyContain(host => host.Offenses.Count == 4);
        traces.Of(blocks[^1].BaseAddress).Offenses.Select(offense => offense.Recipient).Should().Equal("name0", "name1", "name2", "name3");
        foreach (var block in blocks)
            traces.Forget(HostKey.Of(block.BaseAddress));
        traces.Bytes.Should().Be(0);
    }

    private static Offense OffenseOf(IPAddress host, int second, ulong transaction) =>
        new(host, Start.AddSeconds(second), OffenseKind.UnknownRecipient) { Transaction = transaction };
}
