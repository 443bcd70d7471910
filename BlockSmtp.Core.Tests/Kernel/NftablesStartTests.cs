using System.Globalization;
using System.Net;

namespace BlockSmtp.Tests.Kernel;

public sealed class NftablesStartTests : NftablesFixture
{
    [Test]
    public async Task The_table_is_as_it_is_documented()
    {
        await Firewall.StartAsync(Blocks("61.173.40.71/32", "2001:db8::1/128", "192.0.2.0/24", "2001:db8:0:1::/64"), default);

        Lines().Should().Equal(
            "table inet blocksmtp {",
            "set hosts4 {", "type ipv4_addr", "flags timeout", "elements = { 61.173.40.71 timeout 3h }", "}",
            "set hosts6 {", "type ipv6_addr", "flags timeout", "elements = { 2001:db8::1 timeout 3h }", "}",
            "set networks4_24 {", "type ipv4_addr", "flags timeout", "elements = { 192.0.2.0 timeout 3h }", "}",
            "set networks6_64 {", "type ipv6_addr", "flags timeout", "elements = { 2001:db8:0:1:: timeout 3h }", "}",
            "chain input {",
            "type filter hook input priority filter - 10; policy accept;",
            "tcp dport 25 ip saddr @hosts4 counter drop",
            "tcp dport 25 ip6 saddr @hosts6 counter drop",
            "tcp dport 25 ip saddr & 255.255.255.0 == @networks4_24 counter drop",
            "tcp dport 25 ip6 saddr & ffff:ffff:ffff:ffff:: == @networks6_64 counter drop",
            "}",
            "}");
    }

    [Test]
    public async Task Several_ports_are_one_rule()
    {
        await Make(new() { TableName = "b2", Ports = [25, 587] }).StartAsync([], default);
        Lines("chain inet b2 input").Should().Contain("tcp dport { 25, 587 } ip saddr @hosts4 counter drop");
    }

    [Test]
    public async Task What_a_crash_has_left_is_replaced()
    {
        await Make(new() { Ports = [2525] }).StartAsync(Blocks("192.0.2.9/32", "10.0.0.0/8"), default);
        Nft("add rule inet blocksmtp input accept");

        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);

        (await ListAsync()).Should().Equal("192.0.2.1/32");
        Lines("chain inet blocksmtp input").Where(line => line.StartsWith("tcp", StringComparison.Ordinal))
            .Should().HaveCount(4).And.OnlyContain(line => line.StartsWith("tcp dport 25 "));
        Lines().Should().NotContain("accept").And.NotContain("set networks4_8 {");
    }

    [TestCase("flush ruleset")]
    [TestCase("delete table inet blocksmtp")]
    [TestCase("flush chain inet blocksmtp input")]
    [TestCase("insert rule inet blocksmtp input ct state established accept")]
    [TestCase("add chain inet blocksmtp input { policy drop ; }")]
    [TestCase("add table inet blocksmtp { flags dormant ; }")]
    public async Task What_a_foreign_hand_has_changed_counts_as_empty_until_a_start_mends_it(string foreign)
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        var before = Lines();

        Nft(foreign);

        (await ListAsync()).Should().BeEmpty();
        Log.Entries.Should().ContainSingle(entry => entry.Id == 1323);
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        (await ListAsync()).Should().Equal("192.0.2.1/32", "2001:db8::1/128");
        Lines().Should().Equal(before);
    }

    [TestCase("flush set inet blocksmtp hosts4", "2001:db8::1/128")]
    [TestCase("add element inet blocksmtp hosts4 { 192.0.2.9 }", "192.0.2.1/32", "192.0.2.9/32", "2001:db8::1/128")]
    public async Task What_a_foreign_hand_has_put_in_or_taken_out_is_listed(string foreign, params string[] listed)
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        Nft(foreign);
        (await ListAsync()).Should().Equal(listed);
        Log.Entries.Should().NotContain(entry => entry.Id == 1323);
    }

    [Test]
    public async Task Tables_of_others_stay_as_they_are()
    {
        Nft("add table ip blocksmtp");
        Nft("add set ip blocksmtp hosts4 { type ipv4_addr ; flags interval ; elements = { 10.0.0.0/8 } ; }");
        Nft("add table inet other");
        Nft("add chain inet other input { type filter hook input priority filter ; policy accept ; }");
        Nft("add rule inet other input ct state established accept");
        var others = Lines();

        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        await Firewall.ApplyAsync([Block("192.0.2.2/32"), Release("192.0.2.1/32")], default);
        (await ListAsync()).Should().Equal("192.0.2.2/32");
        Lines()[..others.Length].Should().Equal(others);
        await Firewall.StopAsync(default);

        Lines().Should().Equal(others);
    }

    [Test]
    public async Task Nobody_is_let_in_for_a_moment_by_a_start()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        var starts = Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
                await Firewall.StartAsync(Blocks("192.0.2.1/32", $"198.51.100.{i}/32"), default);
        });
        do
        {
            Nft("list ruleset").Should().Contain("192.0.2.1").And.Contain("@hosts4 counter");
        }
        while (!starts.IsCompleted);
        await starts;
    }

    [Test]
    public async Task Very_many_of_all_kinds_are_in_force_each_for_its_time_and_listed()
    {
        // More than go into one transaction, so that those behind go another way.
        var blocks = Enumerable.Range(0, 16_000)
            .Select(number => new Block(Network(number), Now, Now.AddSeconds(3600 + number), 4, "a test"))
            .ToArray();
        await Firewall.StartAsync(blocks, default);

        (await ListAsync()).Should().Equal(blocks.Select(block => block.Network.ToString()).Order(StringComparer.Ordinal));
        var lines = string.Join('\n', Lines());
        foreach (var block in blocks.Skip(15_900))
            lines.Should().Contain($"{block.Network.BaseAddress} timeout {Shown(block.Until - Now)}");

        static IPNetwork Network(int number) => (number % 4) switch
        {
            0 => new(new IPAddress([10, 1, (byte)(number >> 8), (byte)number]), 32),
            1 => new(new IPAddress([10, (byte)(number >> 8), (byte)number, 0]), 24),
            2 => IPNetwork.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:{number:x}::/64")),
            _ => IPNetwork.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8::{number:x}/128")),
        };

        static string Shown(TimeSpan time) => string.Create(
            CultureInfo.InvariantCulture,
            $"{time.Hours}h{(time.Minutes > 0 ? $"{time.Minutes}m" : "")}{(time.Seconds > 0 ? $"{time.Seconds}s" : "")}");
    }

    [Test]
    public async Task Of_very_many_the_newest_are_in_force_first()
    {
        var blocks = Enumerable.Range(0, 12_000).Select(number => new Block(
            new IPNetwork(new IPAddress([10, 1, (byte)(number >> 8), (byte)number]), 32),
            Now.AddSeconds(number),
            Now.AddHours(6),
            4,
            "a test")).ToArray();
        var shuffled = blocks.ToArray();
        new Random(7).Shuffle(shuffled);

        var start = async () => await Make(time: new TimeOfOneTransaction(Time)).StartAsync(shuffled, default);

        await start.Should().ThrowAsync<OperationCanceledException>();
        (await ListAsync(Make())).Should().Equal(blocks[2_000..].Select(block => block.Network.ToString()).Order(StringComparer.Ordinal));
    }

    // Each transaction asks for the time: with the second one it is as if the process had ended.
    private sealed class TimeOfOneTransaction(TimeProvider time) : TimeProvider
    {
        private int _asked;

        public override DateTimeOffset GetUtcNow() => _asked++ == 0 ? time.GetUtcNow() : throw new OperationCanceledException();
    }

    [Test]
    public async Task Two_firewalls_have_their_own_tables()
    {
        var other = Make(new() { TableName = "second" });
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        await other.StartAsync(Blocks("192.0.2.2/32"), default);
        await Firewall.StopAsync(default);
        (await ListAsync(other)).Should().Equal("192.0.2.2/32");
    }
}
