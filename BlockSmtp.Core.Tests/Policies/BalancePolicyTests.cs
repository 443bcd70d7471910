using System.Net;
using BlockSmtp.Grammars;
using BlockSmtp.Policies;
using CsCheck;
using FluentAssertions;
using NUnit.Framework;

namespace BlockSmtp.Tests.Policies;

[TestFixture]
public sealed class BalancePolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Guesser = IPAddress.Parse("203.0.113.20");

    private DateTimeOffset _now = Start;
    private ulong _transaction;
    private BalancePolicy _policy = new();

    [SetUp]
    public void Begin() => (_now, _transaction, _policy) = (Start, 0, new BalancePolicy());

    [Test]
    public void Who_guesses_in_a_held_session_is_blocked_at_the_fourth_name()
    {
        var verdicts = Try(Guesser, "anna", "bob", "carl", "dora");

        verdicts.Select(verdict => verdict.IsBlock).Should().Equal(false, false, false, true);
        verdicts[^1].Reason.Should().Be("4 wrong names within 1d, 0 recipients delivered to: 4 ahead, more than 3");
        verdicts[^1].BlockFor.Should().Be(TimeSpan.FromHours(3));
    }

    [Test]
    public void One_dead_name_again_and_again_is_one_name()
    {
        for (var i = 0; i < 50; i++)
        {
            Try(Guesser, "gone").Should().NotContain(verdict => verdict.IsBlock);
            End(Guesser).IsBlock.Should().BeFalse();
        }
    }

    [Test]
    public void A_provider_that_delivers_may_have_some_wrong_names()
    {
        for (var i = 0; i < 80; i++)
            Deliver(Guesser, $"user{i}");

        Try(Guesser, "a", "b", "c", "d", "e", "f").Should().NotContain(verdict => verdict.IsBlock);
        End(Guesser, recipients: 2, isTaken: true).IsBlock.Should().BeFalse();
    }

    [TestCase(15, 30)]
    [TestCase(40, 100)]
    [TestCase(4_000, 1_000)]
    public void A_providers_host_of_whose_recipients_95_of_100_are_right_is_never_blocked_in_30_days(int users, int recipientsADay)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            Begin();
            var random = new Random(seed);
            for (var recipient = 0; recipient < 30 * recipientsADay; recipient++, _transaction++)
            {
                _now += TimeSpan.FromDays(1) / recipientsADay;
                if (random.NextDouble() < 0.95)
                {
                    Deliver(Guesser, $"user{random.Next(users)}");
                    continue;
                }

                // Who has left is written to again and again, and a typo is new each time.
                var name = random.NextDouble() < 0.6 ? $"gone{random.Next(users / 3)}" : $"typo{recipient}";
                TryAndEnd(Guesser, name).IsBlock.Should().BeFalse($"seed {seed}, recipient {recipient}");
            }
        }
    }

    [Test]
    public void One_recipient_again_and_again_earns_once()
    {
        for (var i = 0; i < 100; i++)
            Deliver(Guesser, "postmaster");

        Guess("a", "b", "c", "d").Should().BeFalse("it is not known yet what this transaction delivers");
        End(Guesser).IsBlock.Should().BeTrue();
    }

    [Test]
    public void One_recipient_again_and_again_earns_once_however_much_others_deliver_in_between()
    {
        for (var i = 0; i < 20; i++)
        {
            Deliver(Guesser, "postmaster");
            for (var other = 0; other < 50_000; other++)
                Deliver(new IPAddress([192, 0, 2, (byte)other]), $"user{i}-{other}");
        }

        Guess("a", "b", "c", "d").Should().BeFalse("it is not known yet what this transaction delivers");
        End(Guesser).IsBlock.Should().BeTrue();
    }

    [Test]
    public void Who_delivers_to_the_same_few_for_a_year_is_known_as_ever()
    {
        for (var day = 0; day < 365; day++, _now += TimeSpan.FromDays(1))
        {
            for (var user = 0; user < 8; user++)
                Deliver(Guesser, $"user{user}");
        }

        Guess("a", "b", "c", "d", "e").Should().BeFalse();
        End(Guesser).IsBlock.Should().BeFalse();
    }

    [TestCase(5)]
    [TestCase(50)]
    [TestCase(2_000)]
    [TestCase(100_000)]
    public void Each_of_many_recipients_earns_about_as_much(int recipients)
    {
        var earned = new double[50];
        for (var host = 0; host < earned.Length; host++)
        {
            var seen = default(SeenRecipients);
            for (var i = 0; i < 3 * recipients; i++)
                earned[host] += seen.Add(RecipientName.Of($"user{i % recipients}-{host}").Key);
        }

        // Of many, those that were looked at before they became too many earn again, as much as those before and after them.
        earned.Average().Should().BeInRange(0.9 * recipients, 3 * recipients);
        earned.Should().OnlyContain(sum => sum > 0.4 * recipients && sum < 5 * recipients);
    }

    [Test]
    public void Recipients_that_are_numbered_one_after_the_other_earn_like_others()
    {
        var seen = default(SeenRecipients);

        Enumerable.Range(1, 1_000).Sum(recipient => seen.Add((ulong)recipient)).Should().BeInRange(500, 3_000);
    }

    [Test]
    public void Who_has_delivered_once_has_its_slack_once_however_many_transactions_it_holds_open()
    {
        Deliver(Guesser, "postmaster");
        var names = 0;
        while (names < 100 && !Try(Guesser, $"name{names}")[0].IsBlock)
        {
            names++;
            if (names % 9 == 0)
                _transaction++;
        }

        names.Should().Be(3 + 10, "three and the slack were borne");
    }

    [Test]
    public void What_another_transaction_may_deliver_is_waited_for()
    {
        for (var i = 0; i < 8; i++)
            Deliver(Guesser, $"user{i}");
        Guess("a", "b", "c", "d", "e", "f", "g", "h", "i").Should().BeFalse();
        _transaction++;
        Guess("j", "k").Should().BeFalse();
        End(Guesser).IsBlock.Should().BeFalse("one is open still");
        _transaction--;

        End(Guesser).IsBlock.Should().BeTrue("and delivers nothing");
    }

    [Test]
    public void Who_has_delivered_to_one_person_may_not_fill_the_log_and_who_has_to_many_may()
    {
        var provider = IPAddress.Parse("192.0.2.9");
        Deliver(Guesser, "postmaster");
        // Recipients are counted by an estimate, so more than the eight that it takes.
        for (var i = 0; i < 20; i++)
            Deliver(provider, $"user{i}");

        _policy.Judge(new Offense(Guesser, _now, OffenseKind.EmptyTransactions)).IsBlock.Should().BeTrue();
        _policy.Judge(new Offense(provider, _now, OffenseKind.EmptyTransactions)).IsBlock.Should().BeFalse();
    }

    [Test]
    public void Right_recipients_that_a_milter_has_seen_in_the_transaction_are_waited_for_as_long_as_it_is_open()
    {
        _policy = new BalancePolicy(new BalancePolicyOptions { Neighbours = 0 });
        List<Verdict> verdicts = [];
        for (var i = 0; i < 40 && !verdicts.Exists(verdict => verdict.IsBlock); i++)
            verdicts.AddRange(Try(Guesser, accepted: 2 * i, $"name{i}"));
        verdicts.Should().HaveCount(3 + 10 + 1, "no more than the slack is borne");

        Begin();
        for (var i = 0; i < 12; i++)
            Try(Guesser, accepted: 30, $"name{i}")[0].IsBlock.Should().BeFalse();
        End(Guesser, recipients: 30, isTaken: false).IsBlock.Should().BeTrue("nothing was delivered to them");

        Begin();
        Try(Guesser, accepted: 2, "a", "b", "c", "d", "e").Select(verdict => verdict.IsBlock)
            .Should().Equal(false, false, false, false, true);
    }

    [Test]
    public void One_user_that_is_known_does_not_do_for_many_by_plus_signs()
    {
        for (var i = 0; i < 100; i++)
            Deliver(Guesser, $"anna+{i}");

        Guess("a", "b", "c", "d");
        End(Guesser).IsBlock.Should().BeTrue();
    }

    [Test]
    public void A_honey_name_blocks_who_has_never_delivered_and_nobody_else()
    {
        _policy = new BalancePolicy(new BalancePolicyOptions { HoneyNames = ["trap"] });
        var provider = IPAddress.Parse("192.0.2.9");
        for (var i = 0; i < 3; i++)
            Deliver(provider, $"user{i}");

        Try(provider, "Trap")[0].IsBlock.Should().BeFalse();
        Try(Guesser, "trap")[0].IsBlock.Should().BeTrue();
    }

    [Test]
    public void Many_hosts_that_guess_together_are_told_of_once_an_hour()
    {
        List<GuessingAlarm> alarms = [];
        for (var i = 0; i < 200; i++)
        {
            var host = new IPAddress([12, (byte)(i * 7), (byte)i, 9]);
            Try(host, $"{i * 7919 % 1000}name");
            End(host);
            if (_policy.TakeAlarm() is { } alarm)
                alarms.Add(alarm);
        }

        alarms.Should().ContainSingle().Which.Hosts.Should().Be(60);
    }

    [Test]
    public void What_was_saved_of_deliveries_is_loaded_and_what_is_no_line_of_it_passed_over()
    {
        for (var i = 0; i < 20; i++)
            Deliver(Guesser, $"user{i}");
        var saved = new StringWriter();
        _policy.SaveDeliveries(saved);
        var next = new BalancePolicy();

        next.LoadDeliveries(new StringReader($"nonsense\n203.0.113.20/32 NaN 5\n{saved}"));
        _policy = next;

        Guess("a", "b", "c", "d", "e", "f").Should().BeFalse();
        End(Guesser).IsBlock.Should().BeFalse();
        _policy.HasDelivered(Guesser).Should().BeTrue();
    }

    [Test]
    public void What_was_delivered_long_ago_is_forgotten()
    {
        for (var i = 0; i < 20; i++)
            Deliver(Guesser, $"user{i}");
        _now += TimeSpan.FromDays(140);

        Guess("a", "b", "c", "d").Should().BeTrue();
    }

    [Test]
    public void Recipients_that_were_accepted_and_got_nothing_earn_nothing()
    {
        Guess("a", "b", "c").Should().BeFalse();
        Try(Guesser, "d").Should().ContainSingle().Which.IsBlock.Should().BeTrue();
        Begin();
        Guess("a", "b", "c").Should().BeFalse();
        End(Guesser, recipients: 50, isTaken: false).IsBlock.Should().BeFalse("three are not too many");
        Try(Guesser, "d").Should().ContainSingle().Which.IsBlock.Should().BeTrue();
    }

    [Test]
    public void Bounces_to_many_forged_names_block_nobody()
    {
        for (var i = 0; i < 20; i++)
        {
            Try(Guesser, $"forged{i}").Should().NotContain(verdict => verdict.IsBlock);
            End(Guesser, sender: SenderKind.Null).IsBlock.Should().BeFalse();
            _transaction++;
        }
    }

    [Test]
    public void Each_further_block_is_twice_as_long_up_to_a_week()
    {
        List<TimeSpan> times = [];
        for (var i = 0; times.Count < 8 && i < 1_000; i++)
        {
            times.AddRange(
                Try(Guesser, $"name{i}").Append(End(Guesser)).Where(verdict => verdict.IsBlock).Select(verdict => verdict.BlockFor));
        }

        times.Select(time => time.TotalHours).Should().Equal(3, 6, 12, 24, 48, 96, 168, 168);
    }

    [Test]
    public void Addresses_of_one_64_are_one_host_and_blocked_as_a_whole_once_several_have_guessed()
    {
        string[] names = ["a", "b", "c", "d"];
        var verdicts = names.Select((name, i) => TryAndEnd(IPAddress.Parse($"2001:db8:1:2::{i + 1}"), name)).ToArray();

        verdicts.Select(verdict => verdict.IsBlock).Should().Equal(false, false, false, true);
        verdicts[^1].Network.Should().Be(IPNetwork.Parse("2001:db8:1:2::/64"));
    }

    [Test]
    public void IPv4_hosts_that_a_translator_shows_are_hosts_of_their_own()
    {
        var verdicts = Enumerable.Range(1, 9)
            .Select(i => TryAndEnd(IPAddress.Parse($"64:ff9b::203.0.113.{(i % 2) + 1}"), $"name{i}")).ToArray();

        verdicts.Select(verdict => verdict.IsBlock).Should().Equal(false, false, false, false, false, false, true, true, true);
        verdicts.Should().AllSatisfy(verdict => verdict.Network.Should().BeNull());
    }

    [Test]
    public void A_64_whose_blocks_have_used_up_what_was_delivered_from_it_is_blocked_as_a_whole()
    {
        for (var i = 0; i < 14; i++)
            Deliver(IPAddress.Parse("2001:db8:1:2::1"), $"known{i}");

        var tried = 0;
        var networks = new List<IPNetwork?>();
        for (var address = 2; networks.LastOrDefault() is null && address < 20; address++)
        {
            Verdict verdict;
            do
            {
                _transaction++;
                verdict = TryAndEnd(IPAddress.Parse($"2001:db8:1:2::{address}"), $"name{++tried}");
            }
            while (!verdict.IsBlock);
            networks.Add(verdict.Network);
        }

        networks[..^1].Should().AllBeEquivalentTo((IPNetwork?)null, "others may have delivered from there");
        networks[^1].Should().Be(IPNetwork.Parse("2001:db8:1:2::/64"));
        tried.Should().BeInRange(15, 24, "about ten are earned, and four are borne for each of three blocks");
    }

    [Test]
    public void A_single_address_of_a_64_is_blocked_alone()
    {
        var verdicts = Try(IPAddress.Parse("2001:db8:1:2::1"), "a", "b", "c", "d");

        verdicts[^1].IsBlock.Should().BeTrue();
        verdicts[^1].Network.Should().BeNull();
    }

    [Test]
    public void Who_comes_back_after_a_block_is_blocked_again_at_the_first_wrong_name()
    {
        Try(Guesser, "a", "b", "c", "d")[^1].IsBlock.Should().BeTrue();
        _transaction++;
        _now += TimeSpan.FromHours(5);

        Try(Guesser, "e");
        var verdict = End(Guesser);

        (verdict.IsBlock, verdict.BlockFor).Should().Be((true, TimeSpan.FromHours(6)));
        verdict.Reason.Should().StartWith("it has come back after a block");
    }

    [Test]
    public void Whom_an_earlier_run_has_blocked_is_known_again()
    {
        BlockRecord RecordOf(string network, int daysAgo, int offenses = 4, ReleaseReason reason = ReleaseReason.Expired) => new(
            new Block(IPNetwork.Parse(network), Start.AddDays(-daysAgo), Start.AddDays(-daysAgo).AddHours(3), offenses, "guesses"),
            Start.AddDays(-daysAgo).AddHours(3),
            reason);
        _policy.LoadBlocks([
            RecordOf("203.0.113.20/32", 1), RecordOf("203.0.113.20/32", 9), RecordOf("203.0.113.20/32", 60),
            RecordOf("203.0.113.21/32", 1, offenses: 0), RecordOf("203.0.113.22/32", 1, reason: ReleaseReason.Unfounded),
            RecordOf("203.0.113.0/24", 1),
            RecordOf("2001:db8:0:7::/64", 1), RecordOf("2001:db8:0:8::5/128", 1)]);

        TimeSpan FirstBlock(string host) => Try(IPAddress.Parse(host), "a", "b", "c", "d").First(verdict => verdict.IsBlock).BlockFor;
        Try(Guesser, "a", "b")[^1].BlockFor.Should().Be(TimeSpan.FromHours(12), "it was blocked twice of late, and is watched");
        FirstBlock("203.0.113.21").Should().Be(TimeSpan.FromHours(3), "somebody has blocked it by hand");
        FirstBlock("203.0.113.22").Should().Be(TimeSpan.FromHours(3), "it was unfounded");
        FirstBlock("203.0.113.23").Should().Be(TimeSpan.FromHours(3), "it was others of its network");
        FirstBlock("2001:db8:0:7::9").Should().Be(TimeSpan.FromHours(6));
        FirstBlock("2001:db8:0:8::9").Should().Be(TimeSpan.FromHours(6));
    }

    [Test]
    public void Long_after_a_block_it_takes_four_names_again()
    {
        Try(Guesser, "a", "b", "c", "d")[^1].IsBlock.Should().BeTrue();
        _transaction++;
        _now += TimeSpan.FromDays(2);

        Try(Guesser, "e", "f", "g").Should().NotContain(verdict => verdict.IsBlock);
    }

    [Test]
    public void A_bounce_after_a_block_does_not_block_again()
    {
        Try(Guesser, "a", "b", "c", "d")[^1].IsBlock.Should().BeTrue();
        _transaction++;
        _now += TimeSpan.FromHours(5);

        Try(Guesser, "e")[0].IsBlock.Should().BeFalse();
        End(Guesser, sender: SenderKind.Null).IsBlock.Should().BeFalse();
    }

    [Test]
    public void A_whole_IPv6_network_of_guessers_has_no_IPv4_host_forgotten()
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxHosts = 1_000 });
        Verdict Judge(IPAddress host) => policy.Judge(new Offense(host, _now, OffenseKind.UnknownRecipient));
        for (var i = 0; i < 3; i++)
            Judge(Guesser).IsBlock.Should().BeFalse();
        for (var i = 0; i < 2_000; i++)
            Judge(IPAddress.Parse($"2001:db8::{i:x}"));

        Judge(Guesser).IsBlock.Should().BeTrue();
    }

    [Test]
    public void The_names_of_a_host_that_is_forgotten_are_no_other_hosts()
    {
        _policy = new BalancePolicy(new BalancePolicyOptions { MaxHosts = 2, Neighbours = 0 });
        foreach (var host in (IPAddress[])[Guesser, Host(1), Host(2)])
            Try(host, "a", "b", "c").Should().NotContain(verdict => verdict.IsBlock);

        Try(Host(1), "c", "b", "a").Should().NotContain(verdict => verdict.IsBlock, "it has tried them before");
        Try(Guesser, "a", "b", "c").Should().NotContain(verdict => verdict.IsBlock, "it was forgotten");
        Try(Host(1), "d")[0].IsBlock.Should().BeTrue("it was not");
        Try(Guesser, "d")[0].IsBlock.Should().BeTrue();

        static IPAddress Host(byte number) => new([198, 51, number, 7]);
    }

    [Test, NonParallelizable]
    public void A_host_with_a_wrong_name_takes_less_than_a_hundred_bytes()
    {
        const int Hosts = 20_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Hosts; i++, _now += TimeSpan.FromSeconds(4))
            TryAndEnd(new IPAddress([10, (byte)(i >> 8), (byte)i, 7]), $"name{i}");

        ((GC.GetTotalMemory(forceFullCollection: true) - before) / Hosts).Should().BeInRange(40, 99);
        GC.KeepAlive(_policy);
    }

    [Test]
    public void One_name_each_in_many_transactions_at_once_is_blocked_before_any_ends()
    {
        List<bool> blocked = [];
        for (var i = 0; i < 20; i++, _transaction++)
            blocked.Add(Try(Guesser, $"name{i}")[0].IsBlock);

        blocked.IndexOf(true).Should().Be(6, "each may be a bounce, but not all of them are");
    }

    [Test]
    public void Who_has_delivered_once_has_its_slack_once_with_one_name_each_in_many_transactions_too()
    {
        _policy = new BalancePolicy(new BalancePolicyOptions { Neighbours = 0 });
        Deliver(Guesser, "postmaster");
        List<bool> blocked = [];
        for (var i = 0; i < 40; i++, _transaction++)
            blocked.Add(Try(Guesser, $"name{i}")[0].IsBlock);

        blocked.IndexOf(true).Should().BeInRange(13, 14);
    }

    [Test]
    public void What_neighbours_tried_before_the_window_counts_no_more()
    {
        // In whatever day: ten.
        for (var i = 1; i <= 40; i++, _now += TimeSpan.FromHours(2.5))
            TryAndEnd(new IPAddress([198, 51, 100, (byte)i]), $"name{i}").IsBlock.Should().BeFalse();

        for (var i = 1; i <= 4; i++)
            TryAndEnd(new IPAddress([198, 51, 100, (byte)(100 + i)]), $"more{i}").IsBlock.Should().Be(i == 4, "there are nine of a day");
    }

    [Test]
    public void Neighbours_that_guess_together_are_blocked_at_their_first_name()
    {
        for (var host = 1; host <= 12; host++)
        {
            Try(IPAddress.Parse($"198.51.100.{host}"), $"name{host}");
            End(IPAddress.Parse($"198.51.100.{host}")).IsBlock.Should().BeFalse($"host {host}");
        }

        Try(IPAddress.Parse("198.51.100.77"), "name77");
        var verdict = End(IPAddress.Parse("198.51.100.77"));

        verdict.IsBlock.Should().BeTrue();
        verdict.Reason.Should().StartWith("hosts of its network that have delivered nothing have tried 13 wrong names");
    }

    [TestCase(0, 140, 260)]
    [TestCase(20, 300, 600)]
    public void Hosts_of_one_network_that_ask_with_a_null_sender_have_together_no_more_than_what_it_has_delivered_excuses(
        int delivered, int fewest, int most)
    {
        for (var i = 0; i < delivered; i++)
            Deliver(IPAddress.Parse("198.51.100.250"), $"user{i}");
        var asked = 0;
        for (var host = 1; host <= 20; host++)
        {
            var peer = IPAddress.Parse($"198.51.100.{host}");
            for (var i = 0; i < 35; i++, _transaction++)
            {
                asked++;
                Try(peer, $"name{asked}");
                if (End(peer, SenderKind.Null).IsBlock)
                    break;
            }
        }

        asked.Should().BeInRange(fewest, most, "it was 35 for each host");
    }

    [Test]
    public void A_providers_hosts_that_bounce_one_forged_name_are_not_blocked_however_many_they_are()
    {
        for (var host = 1; host <= 250; host++, _transaction++)
        {
            var peer = IPAddress.Parse($"198.51.100.{host}");
            Try(peer, "forged");
            End(peer, SenderKind.Null).IsBlock.Should().BeFalse($"host {host}");
        }
    }

    [Test]
    public void Whoever_has_delivered_may_bounce_whatever_its_neighbours_ask_for()
    {
        Deliver(IPAddress.Parse("198.51.100.250"), "anna");
        for (var i = 0; i < 400; i++, _transaction++)
        {
            Try(IPAddress.Parse($"198.51.100.{i / 35}"), $"name{i}");
            End(IPAddress.Parse($"198.51.100.{i / 35}"), SenderKind.Null);
        }

        Try(IPAddress.Parse("198.51.100.250"), "forged");
        End(IPAddress.Parse("198.51.100.250"), SenderKind.Null).IsBlock.Should().BeFalse();
    }

    [Test]
    public void A_walk_of_many_hosts_through_a_sorted_list_is_found()
    {
        var blocked = 0;
        for (var i = 0; i < 200; i++)
        {
            var host = new IPAddress([11, (byte)(i / 3), (byte)i, 9]);
            Try(host, $"n{i:0000}");
            blocked += End(host).IsBlock ? 1 : 0;
        }

        blocked.Should().BeGreaterThan(130, "all but those by which it became known");
    }

    [TestCase("zacharias", false)]
    [TestCase("peter", false)]
    [TestCase("anna", false)]
    [TestCase("n0196", true)]
    public void A_stranger_with_one_wrong_name_is_part_of_a_walk_only_at_its_front(string name, bool isBlocked)
    {
        for (var i = 0; i < 195; i++)
        {
            var host = new IPAddress([11, (byte)(i / 3), (byte)i, 9]);
            Try(host, $"n{i:0000}");
            End(host);
        }

        var stranger = IPAddress.Parse("198.51.100.7");
        Try(stranger, name);
        End(stranger).IsBlock.Should().Be(isBlocked);
    }

    [TestCase("2001:db8:77:{0:x}::1")]
    [TestCase("2001:db8:{0:x}:77::1")]
    [TestCase("198.18.{1}.{2}")]
    public void Whoever_has_a_network_is_no_walk_by_himself(string pattern)
    {
        _policy = new BalancePolicy(new BalancePolicyOptions { Neighbours = 0 });
        for (var i = 0; i < 200; i++)
        {
            var host = IPAddress.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, i, i % 16, i + 1));
            Try(host, $"n{i:0000}");
            End(host).IsBlock.Should().BeFalse();
        }
    }

    [Test]
    public void Hosts_that_try_names_in_no_order_are_no_walk()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var host = new IPAddress([11, (byte)(i / 3), (byte)i, 9]);
            Try(host, $"n{random.Next(10_000):0000}");
            End(host).IsBlock.Should().BeFalse();
        }
    }

    // The host had no end of names, once what it had delivered made up for as many as are remembered one by one.
    [TestCase(SenderKind.Null, 4, 41)]
    [TestCase(SenderKind.Null, 30, 41)]
    [TestCase(SenderKind.Named, 90, 10)]
    [TestCase(SenderKind.Named, 200, 10)]
    public void Whatever_a_host_has_delivered_there_is_an_end_to_its_wrong_names(SenderKind sender, int recipients, int slack)
    {
        for (var i = 0; i < recipients; i++)
            Deliver(Guesser, $"user{i}");
        var names = 0;
        while (names < 2_000)
        {
            _transaction++;
            _now += TimeSpan.FromSeconds(1);
            if (Try(Guesser, $"name{names}")[0].IsBlock || End(Guesser, sender).IsBlock)
                break;
            names++;
        }

        // Of so many it is an estimate how many they are.
        var weight = sender == SenderKind.Null ? 0.075 : 1;
        names.Should().BeLessThan((int)((3 + (0.75 * 2 * recipients)) / weight) + slack).And.BeGreaterThan((int)(0.3 * recipients));
    }

    [TestCase(50)]
    [TestCase(63)]
    [TestCase(64)]
    [TestCase(300)]
    public void As_many_wrong_names_are_borne_as_is_set_and_no_more(int most)
    {
        _policy = new BalancePolicy(new BalancePolicyOptions { MaxOffenses = most });

        Try(Guesser, [.. Enumerable.Range(0, 400).Select(i => $"name{i}")]).FindIndex(verdict => verdict.IsBlock).Should().Be(most);
    }

    [Test]
    public void One_user_in_a_hundred_domains_is_a_hundred_names()
    {
        Guess("<sales@one.example>", "<Sales@ONE.example>", "<sales+x@one.example>").Should().BeFalse("it is one name");
        Guess("<sales@two.example>", "<sales@three.example>", "<sales@four.example>").Should().BeTrue();
    }

    [Test]
    public void A_honey_name_is_one_in_every_domain()
    {
        _policy = new BalancePolicy(new BalancePolicyOptions { HoneyNames = ["trap@example.org"] });

        Guess("<other@example.net>").Should().BeFalse();
        Guess("<Trap+1@example.net>").Should().BeTrue();
    }

    [Test]
    public void Who_has_delivered_once_from_a_64_has_not_bought_four_names_for_each_of_its_addresses()
    {
        Deliver(IPAddress.Parse("2001:db8:1:2::1"), "postmaster");
        List<Verdict> blocks = [];
        for (var i = 2; blocks.Count < 2; i++)
            blocks.AddRange(Try(IPAddress.Parse($"2001:db8:1:2::{i:x}"), $"name{i}").Where(verdict => verdict.IsBlock));

        blocks[0].Network.Should().BeNull("somebody else has delivered from there");
        blocks[1].Network.Should().Be(IPNetwork.Parse("2001:db8:1:2::/64"));
    }

    [Test]
    public void In_the_network_of_the_mail_server_itself_each_address_is_a_host()
    {
        _policy.TakeOwn([IPAddress.Parse("2001:db8:1:2::25")]);

        Try(IPAddress.Parse("2001:db8:1:2::bad"), "a", "b", "c", "d")[^1].IsBlock.Should().BeTrue();
        TryAndEnd(IPAddress.Parse("2001:db8:1:2::7"), "typo").IsBlock.Should().BeFalse();
        Try(IPAddress.Parse("2001:db8:1:3::bad"), "a", "b", "c");
        Try(IPAddress.Parse("2001:db8:1:3::7"), "typo")[0].IsBlock.Should().BeTrue("that is another network");
    }

    [TestCase(8)]
    [TestCase(20)]
    public void Bounces_that_come_all_at_once_are_let_in_again_when_they_turn_out_to_be_some(int bounces)
    {
        var isBlocked = false;
        for (var i = 0; i < bounces; i++)
        {
            _transaction = (ulong)i + 1;
            isBlocked |= !isBlocked && Try(Guesser, $"forged{i}")[0].IsBlock;
        }

        isBlocked.Should().BeTrue("nobody knows yet what they are");
        for (var i = 0; i < bounces; i++)
        {
            _transaction = (ulong)i + 1;
            var end = new TransactionEnd(Guesser, _now, NumberOf(Guesser)) { Sender = SenderKind.Null, IsBlocked = isBlocked };
            isBlocked &= !_policy.End(end).IsRelease;
        }

        isBlocked.Should().BeFalse();
        TryAndEnd(Guesser, "typo").IsBlock.Should().BeFalse("it is not watched");
    }

    [Test]
    public void A_server_that_bounces_as_many_as_are_borne_is_not_blocked_while_it_brings_the_next()
    {
        var bounced = 0;
        while (!Try(Guesser, $"forged{bounced}")[0].IsBlock && !End(Guesser, SenderKind.Null).IsBlock)
            (bounced, _transaction) = (bounced + 1, _transaction + 1);

        bounced.Should().Be(40);
    }

    [TestCase(20, 4)]
    [TestCase(30, 3)]
    [TestCase(39, 1)]
    public void Who_has_asked_as_a_bouncing_server_does_has_not_bought_more_names_at_once(int asked, int mostMore)
    {
        AskAsABouncingServer(asked);

        var more = 0;
        for (; !Try(Guesser, $"name{more}")[0].IsBlock; _transaction++)
            more++;

        more.Should().BeLessThanOrEqualTo(mostMore);
    }

    [TestCase(20, 1)]
    [TestCase(27, 0)]
    public void Who_has_asked_as_a_bouncing_server_does_and_then_has_a_sender_is_blocked_as_soon(int asked, int mostMore)
    {
        AskAsABouncingServer(asked);

        var more = 0;
        for (; !TryAndEnd(Guesser, $"name{more}").IsBlock; _transaction++)
            more++;

        more.Should().BeLessThanOrEqualTo(mostMore);
    }

    [Test]
    public void Guesses_of_one_transaction_are_not_forgiven_for_a_bounce_in_another()
    {
        Guess("a", "b", "c", "d").Should().BeTrue();
        _transaction++;
        Try(Guesser, "forged");

        _policy.End(new TransactionEnd(Guesser, _now, NumberOf(Guesser)) { Sender = SenderKind.Null, IsBlocked = true })
            .IsRelease.Should().BeFalse();
    }

    [TestCase(SenderKind.Null, 20, false)]
    [TestCase(SenderKind.Named, 3, true)]
    [TestCase(SenderKind.Named, 30, true)]
    public void What_an_earlier_run_did_not_block_is_not_blocked_when_it_is_taken_up_but_counts(
        SenderKind sender, int names, bool isOneMoreTooMany)
    {
        for (var i = 0; i < names; i++)
        {
            var (key, order) = RecipientName.OfTried($"name{i}");
            var offense = new Offense(Guesser, _now, OffenseKind.UnknownRecipient)
            {
                RecipientKey = key,
                RecipientOrder = order,
                Transaction = (ulong)i + 1_000,
                Sender = sender,
                IsRestored = true,
            };
            _policy.Judge(offense).IsBlock.Should().BeFalse();
        }

        TryAndEnd(Guesser, "typo").IsBlock.Should().Be(isOneMoreTooMany);
    }

    [Test]
    public void A_transaction_that_was_open_when_the_earlier_run_ended_goes_on()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            var offense = new Offense(Guesser, _now, OffenseKind.UnknownRecipient)
            {
                RecipientKey = RecipientName.OfTried(name).Key,
                Transaction = NumberOf(Guesser),
                IsRestored = true,
            };
            _policy.Judge(offense).IsBlock.Should().BeFalse();
        }

        Guess("d").Should().BeTrue();
    }

    [Test]
    public void Whatever_comes_nobody_is_blocked_without_a_wrong_name_of_his() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 20], Gen.Int[0, 3]).Array[0, 300].Sample(steps =>
        {
            Begin();
            HashSet<int> guessed = [];
            foreach (var (host, name, what) in steps)
            {
                var peer = IPAddress.Parse($"192.0.{host}.9");
                _now += TimeSpan.FromMinutes(1);
                var verdict = Verdict.None;
                switch (what)
                {
                    case 0:
                        Deliver(peer, $"n{name}");
                        break;
                    case 1:
                        verdict = End(peer, recipients: name, isTaken: name > 10);
                        break;
                    default:
                        guessed.Add(host);
                        verdict = Try(peer, $"n{name}")[0];
                        break;
                }

                if (verdict.IsBlock)
                    guessed.Should().Contain(host);
            }
        }, threads: 1);

    [Test]
    public void What_was_delivered_makes_up_for_as_many_bounces_again_as_are_borne_and_then_for_one_each()
    {
        for (var i = 0; i < 20; i++)
            Deliver(Guesser, $"known{i}");

        CountBounces().Should().BeInRange(
            84, 93, "forty are borne, as many again for three of what was earned, and about twelve for the rest");
    }

    [Test]
    public void What_earlier_blocks_were_made_of_has_used_up_what_was_earned()
    {
        for (var i = 0; i < 20; i++)
            Deliver(Guesser, $"known{i}");
        var answered = new List<int>();
        for (var block = 0; block < 4; block++, _now += TimeSpan.FromHours(4))
        {
            var names = 0;
            do
                (names, _transaction) = (names + 1, _transaction + 1);
            while (!TryAndEnd(Guesser, $"name{block}-{names}").IsBlock);
            answered.Add(names);
        }

        answered[0].Should().BeInRange(12, 20, "about fifteen were earned: how many recipients they were is an estimate");
        answered[1..].Should().Equal(4, 4, 4);
        _now += TimeSpan.FromDays(1);
        var later = 0;
        while (!TryAndEnd(Guesser, $"later{later}").IsBlock)
            (later, _transaction) = (later + 1, _transaction + 1);
        later.Should().BeInRange(9, 19, "a day later it counts anew, but for what is forgotten of the deliveries");
    }

    // A log says how many recipients were written, postmaster forty times among them, and Postfix only for a whole session.
    [Test]
    public void What_a_message_was_taken_for_excuses_a_block_once_in_a_window_unless_it_is_delivered()
    {
        var answered = 0;
        var released = 0;
        for (var session = 0; session < 50; session++, _transaction++)
        {
            var verdicts = Try(Guesser, [.. Enumerable.Range(0, 9).Select(i => $"name{session}-{i}")]);
            var end = _policy.End(new TransactionEnd(Guesser, _now, NumberOf(Guesser))
            {
                Sender = SenderKind.Named,
                Recipients = 40,
                IsTaken = true,
                IsBlocked = verdicts.Exists(verdict => verdict.IsBlock),
            });
            answered += verdicts.Count;
            released += end.IsRelease ? 1 : 0;
            if (verdicts.Exists(verdict => verdict.IsBlock) && !end.IsRelease)
                break;
        }

        released.Should().BeLessThanOrEqualTo(1);
        answered.Should().BeLessThan(30);
    }

    [Test]
    public void What_a_message_was_taken_for_excuses_names_once_in_a_window_that_are_told_at_its_end()
    {
        var answered = 0;
        var isBlocked = false;
        for (; answered < 100 && !isBlocked; answered++, _transaction++)
            isBlocked = Try(Guesser, $"name{answered}")[0].IsBlock || End(Guesser, recipients: 90, isTaken: true).IsBlock;

        answered.Should().BeLessThan(20);
    }

    [Test]
    public void A_list_that_was_let_in_again_is_believed_when_it_comes_anew_and_its_message_is_taken()
    {
        Try(Guesser, "gone1", "gone2", "gone3", "gone4")[^1].IsBlock.Should().BeTrue();
        _policy.End(new TransactionEnd(Guesser, _now, NumberOf(Guesser)) { Sender = SenderKind.Named, Recipients = 60, IsBlocked = true })
            .IsRelease.Should().BeTrue();
        _transaction++;

        Try(Guesser, "gone1", "gone5").Should().NotContain(verdict => verdict.IsBlock);
        End(Guesser, recipients: 60, isTaken: true).IsBlock.Should().BeFalse("what it was taken for will be delivered in a moment");
    }

    [Test]
    public void A_question_of_the_same_host_excuses_no_block_that_was_for_another_reason()
    {
        _policy = new BalancePolicy(new BalancePolicyOptions { HoneyNames = ["honey"] });
        Try(Guesser, "first");
        _transaction++;
        Try(Guesser, "honey").Should().ContainSingle().Which.IsBlock.Should().BeTrue();
        _transaction--;

        _policy.End(new TransactionEnd(Guesser, _now, NumberOf(Guesser)) { Sender = SenderKind.Null, IsBlocked = true })
            .IsRelease.Should().BeFalse();
    }

    [Test]
    public void Of_a_host_that_came_back_an_unfounded_block_makes_none_that_never_was()
    {
        CountBounces().Should().Be(40);
        _now += TimeSpan.FromHours(4);

        CountBounces().Should().Be(13, "it is still watched");
        _now += TimeSpan.FromHours(8);
        CountBounces().Should().Be(13);
    }

    /// <summary>
    /// How many names of a null sender, each with a message of its own, are asked for before a block that stays when its message is over.
    /// </summary>
    private int CountBounces()
    {
        for (var count = 0; ; count++)
        {
            _transaction++;
            var isBlocked = Try(Guesser, $"forged{_transaction}")[0].IsBlock;
            var verdict = _policy.End(
                new TransactionEnd(Guesser, _now, NumberOf(Guesser)) { Sender = SenderKind.Null, IsBlocked = isBlocked });
            if (isBlocked ? !verdict.IsRelease : verdict.IsBlock)
                return count;
        }
    }

    private void AskAsABouncingServer(int names)
    {
        for (var i = 0; i < names; i++, _transaction++)
        {
            Try(Guesser, $"asked{i}");
            End(Guesser, SenderKind.Null).IsBlock.Should().BeFalse();
        }
    }

    private bool Guess(params string[] names) => Try(Guesser, names).Exists(verdict => verdict.IsBlock);

    /// <summary>Tries names in one transaction.</summary>
    private List<Verdict> Try(IPAddress host, params string[] names) => Try(host, 0, names);

    private List<Verdict> Try(IPAddress host, int accepted, params string[] names) => [.. names.Select(name =>
    {
        var (key, order) = RecipientName.OfTried(name);
        return _policy.Judge(new Offense(host, _now, OffenseKind.UnknownRecipient)
        {
            RecipientKey = key,
            RecipientOrder = order,
            Transaction = NumberOf(host),
            AcceptedBefore = accepted,
        });
    })];

    private Verdict TryAndEnd(IPAddress host, string name)
    {
        var verdict = Try(host, name)[0];
        return verdict.IsBlock ? verdict : End(host);
    }

    private Verdict End(IPAddress host, SenderKind sender = SenderKind.Named, int recipients = 0, bool isTaken = false) =>
        _policy.End(new TransactionEnd(host, _now, NumberOf(host)) { Sender = sender, Recipients = recipients, IsTaken = isTaken });

    private ulong NumberOf(IPAddress host) => ((ulong)host.GetHashCode() << 16) + _transaction + 1;

    private void Deliver(IPAddress host, string name) =>
        _policy.Accept(new Acceptance(host, _now, 1) { Kind = AcceptanceKind.Delivery, RecipientKey = RecipientName.Of(name).Key });
}
