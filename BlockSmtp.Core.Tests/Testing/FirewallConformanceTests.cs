using System.Net;
using BlockSmtp.Testing;
using NUnit.Framework.Internal;

namespace BlockSmtp.Tests.Testing;

/// <summary>The kit passes a firewall without a fault, and finds the faults that one may have.</summary>
public sealed class FirewallConformanceTests : FirewallConformance
{
    private Func<IFirewall> _make = null!;

    protected override IFirewall Make() => _make();

    /// <summary>One object stands for the place where it blocks, and for whoever looks on.</summary>
    [SetUp]
    public void MakeOneWithoutAFault() => MakeAlways(new());

    [Test]
    public void A_start_that_keeps_what_was_there_is_found() =>
        Expect(new() { StartKeeps = true }, () => A_start_takes_away_what_it_is_not_given());

    [Test]
    public void A_start_that_does_not_look_at_what_a_crash_left_is_found() =>
        Expect(new() { StartKeeps = true }, () => A_start_clears_up_what_a_crash_has_left());

    [Test]
    public void A_firewall_without_IPv6_is_found() =>
        Expect(new() { Takes = network => network.PrefixLength <= 32 }, () => A_host_is_blocked_and_released("2001:db8::1/128"));

    [Test]
    public void A_firewall_without_networks_is_found() =>
        Expect(new() { Takes = network => network.PrefixLength is 32 or 128 }, () => A_network_is_blocked_and_released("10.0.0.0/8"));

    [Test]
    public void A_firewall_that_takes_only_so_many_is_found() =>
        Expect(new() { Takes = network => network.BaseAddress.GetAddressBytes()[1] < 10 }, () => Many_are_blocked_and_released_at_once());

    [Test]
    public void A_stop_that_leaves_rules_is_found() =>
        Expect(new() { StopKeeps = true }, () => After_a_stop_nobody_is_blocked());

    [Test]
    public void A_firewall_that_blocks_nobody_and_only_remembers_is_found()
    {
        _make = () => new Faulty();
        ExpectFailure(() => Another_instance_lists_what_is_blocked());
    }

    private void Expect(Faulty firewall, Func<Task> test)
    {
        MakeAlways(firewall);
        ExpectFailure(test);
    }

    private void MakeAlways(Faulty firewall) => _make = () => firewall;

    private static void ExpectFailure(Func<Task> test)
    {
        // A failed assertion counts against the test whose context it is made in.
        using (new TestExecutionContext.IsolatedContext())
            FluentActions.Awaiting(test).Should().ThrowAsync<AssertionException>().GetAwaiter().GetResult();
    }

    private sealed class Faulty : IFirewall
    {
        private readonly HashSet<IPNetwork> _blocked = [];

        public bool StartKeeps { get; init; }

        public bool StopKeeps { get; init; }

        public Func<IPNetwork, bool> Takes { get; init; } = _ => true;

        public ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken)
        {
            if (!StartKeeps)
                _blocked.Clear();
            _blocked.UnionWith(blocks.Select(block => block.Network).Where(Takes));
            return default;
        }

        public ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
        {
            foreach (var change in changes)
                _ = change.IsBlock && Takes(change.Network) ? _blocked.Add(change.Network) : _blocked.Remove(change.Network);
            return default;
        }

        public ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken) => new([.. _blocked]);

        public ValueTask StopAsync(CancellationToken cancellationToken)
        {
            if (!StopKeeps)
                _blocked.Clear();
            return default;
        }
    }
}
