using System.Diagnostics;
using System.Net;
using System.Text;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.Policies;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;
using BlockSmtp.Transactions;

namespace BlockSmtp.Tests.Collections;

/// <summary>
/// What an attacker can make us remember must not make us slower: an operation costs the same with a million entries as with
/// a thousand, but for the caches of the processor, and none allocates per line.
/// </summary>
/// <remarks>
/// What looks at all entries would cost a thousand times as much; caches have made it up to fifteen (bench/parts). So a hundred
/// stands between them, and of several rounds the quickest counts, whatever else the machine does.
/// </remarks>
public sealed class FlatCostTests
{
    private static readonly RefusalTexts Refusals = new([]);

    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const double MostTimes = 100;

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_table_compares_as_few_keys_when_it_is_large()
    {
        ComparedFor(Few).Should().BeLessThan(3);
        ComparedFor(Many).Should().BeLessThan(3);

        static double ComparedFor(int entries)
        {
            var table = new AgingTable<CountedKey, int>(entries);
            for (var i = 0; i < entries; i++)
                table.Touch(new CountedKey(i), out _, out _) = i;
            CountedKey.Compared = 0;
            for (var i = 0; i < Few; i++)
            {
                table.Find(new CountedKey(i * (entries / Few)));
                // The oldest gives way.
                table.Touch(new CountedKey(entries + i), out _, out _);
            }

            return CountedKey.Compared / (2.0 * Few);
        }
    }

    [Test]
    public void Sessions() => Compare(entries =>
    {
        var sessions = new TransactionTable(entries + 1);
        for (var i = 0; i < entries; i++)
            sessions.Touch(Session(i), Now.UtcTicks + i, out _).LastOffense = Now.UtcTicks + i;
        return i =>
        {
            sessions.Find(Session(i % entries));
            sessions.Touch(Session(entries), Now.UtcTicks + entries, out _).LastOffense = Now.UtcTicks + entries;
            sessions.GiveUp(Now.UtcTicks);
            sessions.Remove(Session(entries));
        };
    });

    [Test]
    public void Policy() => Compare(entries =>
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxHosts = entries });
        for (var i = 0; i < entries; i++)
            policy.Judge(new Offense(Host(i), Now, OffenseKind.UnknownRecipient));
        return i => policy.Judge(new Offense(Host(i % entries), Now, OffenseKind.UnknownRecipient));
    });

    [Test]
    public void Blocks() => Compare(entries =>
    {
        var blocks = new BlockList(entries + 1);
        for (var i = 0; i < entries; i++)
            blocks.Add(Block(i, Now.AddSeconds(i)));
        var next = 0;
        return i =>
        {
            blocks.Covers(HostKey.Of(Host(i % entries)));
            blocks.TryExpire(Now.AddSeconds(next), out _);
            blocks.Add(Block(entries + next, Now.AddSeconds(entries + next)));
            next++;
        };
    });

    [Test]
    public void White_list() => Compare(entries =>
    {
        var list = new WhiteList(Enumerable.Range(0, entries).Select(i => HostKey.NetworkOf(Host(i))));
        return i => list.TryFind(Host(i % entries), out _);
    });

    [Test]
    public void White_list_for_a_block() => Compare(entries =>
    {
        var list = new WhiteList(Enumerable.Range(0, entries).Select(i => HostKey.NetworkOf(Host(i))));
        return i => list.TryFindPart(HostKey.NetworkOf(Host(entries + i)), out _);
    });

    [TestCase("STARTTLS=server, relay=[203.0.113.61], version=TLSv1.3, verify=NO, cipher=TLS_AES_256_GCM_SHA384, bits=256/256")]
    [TestCase("6ANHntrU020703: <u1@example.org>... User unknown")]
    [TestCase("6ANHntrU020703: from=<a@b.example>, size=0, class=0, nrcpts=1, proto=ESMTP, daemon=MTA-v4, relay=[203.0.113.77]")]
    [TestCase("6ANHntrU020703: to=<alice@example.org>, delay=00:00:01, mailer=local, pri=30000, dsn=2.0.0, stat=Sent")]
    public void No_line_is_read_at_the_cost_of_an_object(string message)
    {
        var lines = new SyslogLineParser(null, ["sm-mta"]);
        var clock = new StampClock(TimeZoneInfo.Utc, 2026);
        var addresses = new AddressCache();
        var line = Encoding.ASCII.GetBytes("Nov 23 17:49:55 mail1 sm-mta[20703]: " + message);
        Read().Should().BeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Few; i++)
            Read();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);

        bool Read()
        {
            var counts = lines.TryParse(line, out var parts) && clock.TryGetTime(parts.Stamp, out _);
            SendmailParser.Read(parts, MailEventsWanted.Ends, Refusals, out var read);
            if (read.Kind == MailEventKind.TransactionEnd)
                counts = RelayText.TryReadLast(read.Text, out var address) && addresses.TryParse(address, out _);
            return counts;
        }
    }

    /// <summary>Makes the same with few and with many entries, and compares the time of one operation.</summary>
    private static void Compare(Func<int, Action<int>> make)
    {
        var (few, many) = (make(Few), make(Many));
        var (fewTime, manyTime) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < 5; round++)
        {
            fewTime = Quicker(fewTime, few);
            manyTime = Quicker(manyTime, many);
        }

        (manyTime / fewTime).Should().BeLessThan(MostTimes);

        static TimeSpan Quicker(TimeSpan before, Action<int> operation)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < 2_000; i++)
                operation(i * 499);
            var time = Stopwatch.GetElapsedTime(start);
            return time < before ? time : before;
        }
    }

    private static IPAddress Host(int number) => new((uint)IPAddress.HostToNetworkOrder(0x0b000000 + number));

    private static Block Block(int number, DateTimeOffset until) => new(HostKey.NetworkOf(Host(number)), Now, until, 4, "guessed");

    private static TransactionKey Session(int number)
    {
        Span<byte> text = stackalloc byte[14];
        "6ANHntrU000000"u8.CopyTo(text);
        for (var (at, rest) = (13, number); rest > 0; rest /= 10)
            text[at--] = (byte)('0' + (rest % 10));
        QueueId.TryParse(text, out var id).Should().BeTrue();
        return new TransactionKey(id, number % 32_768, 0);
    }

    private readonly struct CountedKey(int number) : IEquatable<CountedKey>
    {
        private readonly int _number = number;

        public static int Compared { get; set; }

        public bool Equals(CountedKey other)
        {
            Compared++;
            return _number == other._number;
        }

        public override bool Equals(object? obj) => obj is CountedKey other && Equals(other);

        public override int GetHashCode() => _number * -1640531527 >> 3;
    }
}
