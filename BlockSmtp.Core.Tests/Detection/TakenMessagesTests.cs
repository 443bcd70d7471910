using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Grammars;
using BlockSmtp.Transactions;

namespace BlockSmtp.Tests.Detection;

public sealed class TakenMessagesTests
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx";

    [TestCase(0)]
    [TestCase(17)]
    [TestCase(34)]
    public void What_one_session_brings_is_known_until_it_is_delivered_however_much_is_under_way(int first)
    {
        var messages = new TakenMessages();
        var host = HostKey.Of(IPAddress.Parse("192.0.2.9"));
        TransactionKey[] keys = [.. Enumerable.Range(first, 25).Select(turn => KeyOf($"6ATF9gR{Digits[turn]}017668"))];

        foreach (var key in keys)
            messages.Add(key, host, SenderKind.Named, 1);

        keys.Count(key => messages.TryFind(key, 1, out _)).Should().Be(keys.Length);
    }

    [Test]
    public void What_thousands_of_sessions_bring_at_once_is_known()
    {
        var messages = new TakenMessages();
        var host = HostKey.Of(IPAddress.Parse("192.0.2.9"));
        // Each has begun to count somewhere else.
        TransactionKey[] keys =
            [.. Enumerable.Range(0, 10_000).Select(i => KeyOf($"6ATF9gR{Digits[i * 7 % 60]}{20_000 + (2 * i):000000}"))];

        foreach (var key in keys)
            messages.Add(key, host, SenderKind.Named, 1);

        keys.Count(key => messages.TryFind(key, 1, out _)).Should().BeGreaterThan(keys.Length * 9 / 10);
    }

    private static TransactionKey KeyOf(string id)
    {
        QueueId.TryParse(System.Text.Encoding.ASCII.GetBytes(id), out var parsed).Should().BeTrue();
        return new TransactionKey(parsed, 0, 0);
    }
}
