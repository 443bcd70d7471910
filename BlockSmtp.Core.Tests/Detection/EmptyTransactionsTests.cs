using BlockSmtp.Addresses;
using BlockSmtp.Transactions;

namespace BlockSmtp.Tests.Detection;

public sealed class EmptyTransactionsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void One_more_than_allowed_within_a_minute_is_told_and_then_it_begins_anew()
    {
        var empty = new EmptyTransactions(3);

        Enumerable.Range(0, 8).Select(i => empty.IsTooMany(Of("192.0.2.1"), Start.AddSeconds(i)))
            .Should().Equal(false, false, false, true, false, false, false, true);
    }

    [Test]
    public void Those_of_another_minute_do_not_count_nor_do_those_of_another_host()
    {
        var empty = new EmptyTransactions(3);

        for (var i = 0; i < 30; i++)
        {
            empty.IsTooMany(Of("192.0.2.1"), Start.AddSeconds(20 * i)).Should().BeFalse();
            empty.IsTooMany(Of($"192.0.2.{10 + i}"), Start).Should().BeFalse();
        }
    }

    [Test]
    public void A_slash_64_is_one_host_and_the_clock_may_be_set_back()
    {
        var empty = new EmptyTransactions(3);

        for (var i = 0; i < 3; i++)
            empty.IsTooMany(Of($"2001:db8::{i}"), Start).Should().BeFalse();
        empty.IsTooMany(Of("2001:db8:0:1::1"), Start).Should().BeFalse();
        empty.IsTooMany(Of("2001:db8::9"), Start).Should().BeTrue();
        for (var i = 0; i < 3; i++)
            empty.IsTooMany(Of("192.0.2.1"), Start).Should().BeFalse();
        empty.IsTooMany(Of("192.0.2.1"), Start.AddDays(-1)).Should().BeFalse();
    }

    [Test]
    public void Nobody_makes_too_many_where_any_number_is_allowed()
    {
        var empty = new EmptyTransactions(0);

        Enumerable.Range(0, 10_000).Any(_ => empty.IsTooMany(Of("192.0.2.1"), Start)).Should().BeFalse();
    }

    private static HostKey Of(string host) => HostKey.Of(System.Net.IPAddress.Parse(host));
}
