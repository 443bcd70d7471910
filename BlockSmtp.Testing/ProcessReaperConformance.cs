using System.Net;
using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>
/// What every <see cref="IProcessReaper"/> must do. Derive from it to test one of your own, with sessions of a mail server or of something
/// that its reaper takes for one.
/// </summary>
public abstract class ProcessReaperConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Three hosts from which sessions come; the first two in one /24, the third in another. Default: of 127.0.0.0/8.</summary>
    protected virtual IReadOnlyList<IPAddress> Hosts { get; } =
    [
        IPAddress.Parse("127.0.7.1"),
        IPAddress.Parse("127.0.7.2"),
        IPAddress.Parse("127.0.8.1"),
    ];

    /// <summary>Whether it returns what it has ended. Default true; false for one that cannot know.</summary>
    protected virtual bool Tells => true;

    /// <summary>Makes the reaper. Called once in a test, after its sessions were opened.</summary>
    /// <returns>The reaper.</returns>
    protected abstract IProcessReaper Make();

    /// <summary>Opens a session with the mail server that waits for a command of its client.</summary>
    /// <param name="host">Whose session it is.</param>
    /// <returns>Something to know it by.</returns>
    protected abstract object Open(IPAddress host);

    /// <summary>Whether the mail server still serves a session.</summary>
    /// <param name="session">What <see cref="Open"/> has returned.</param>
    /// <returns>True while it does.</returns>
    protected abstract bool IsOpen(object session);

    /// <summary>All sessions of a host end, and those of others go on.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task The_sessions_of_a_host_end_and_no_others()
    {
        object[] guilty = [Open(Hosts[0]), Open(Hosts[0])];
        object[] innocent = [Open(Hosts[1]), Open(Hosts[2])];

        var ended = await Make().EndSessionsAsync([Whole(Hosts[0])], default);

        await ExpectAsync(guilty, innocent);
        ExpectTold(ended, Hosts[0], Hosts[0]);
    }

    /// <summary>The sessions of all hosts of a network end, and of several at once.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task The_sessions_of_a_network_end()
    {
        object[] guilty = [Open(Hosts[0]), Open(Hosts[1])];
        object[] innocent = [Open(Hosts[2])];

        var ended = await Make().EndSessionsAsync(
            [new IPNetwork(Masked(Hosts[0]), 24), IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("2001:db8::/32")], default);

        await ExpectAsync(guilty, innocent);
        ExpectTold(ended, Hosts[0], Hosts[1]);
    }

    /// <summary>Where there is nothing to end nothing is, and nothing is told.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_host_without_sessions_is_no_error()
    {
        object[] innocent = [Open(Hosts[0])];

        var ended = await Make().EndSessionsAsync([IPNetwork.Parse("192.0.2.1/32"), IPNetwork.Parse("2001:db8::1/128")], default);

        Assert.That(ended, Is.Empty);
        await ExpectAsync([], innocent);
    }

    /// <summary>To end what has been ended does nothing.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task To_end_them_twice_is_no_error()
    {
        object[] guilty = [Open(Hosts[0])];
        object[] innocent = [Open(Hosts[2])];
        var reaper = Make();
        await reaper.EndSessionsAsync([Whole(Hosts[0])], default);
        await ExpectAsync(guilty, innocent);

        Assert.That(await reaper.EndSessionsAsync([Whole(Hosts[0])], default), Is.Empty);
        await ExpectAsync(guilty, innocent);
    }

    /// <summary>A session whose client has not been silent for long enough goes on.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_session_that_is_not_silent_for_long_is_not_stuck()
    {
        object[] innocent = [Open(Hosts[0]), Open(Hosts[2])];
        var reaper = Make();
        // Called every few seconds: what it has seen before must not count for more than it is.
        for (var i = 0; i < 3; i++)
            Assert.That(await reaper.EndStuckSessionsAsync(TimeSpan.FromHours(1), default), Is.Empty);
        await ExpectAsync([], innocent);
    }

    /// <summary>A session whose client has not been waited for long enough goes on.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_session_that_is_not_waited_for_long_does_not_stall()
    {
        object[] innocent = [Open(Hosts[0]), Open(Hosts[2])];
        var reaper = Make();
        for (var i = 0; i < 3; i++)
            Assert.That(await reaper.EndStalledSessionsAsync(TimeSpan.FromHours(1), default), Is.Empty);
        await ExpectAsync([], innocent);
    }

    private static IPNetwork Whole(IPAddress host) => new(host, host.GetAddressBytes().Length * 8);

    private static IPAddress Masked(IPAddress host)
    {
        var bytes = host.GetAddressBytes();
        bytes.AsSpan(3).Clear();
        return new IPAddress(bytes);
    }

    private void ExpectTold(IReadOnlyList<EndedSession> ended, params IPAddress[] hosts)
    {
        if (Tells)
            Assert.That(
                ended.Select(session => session.Peer?.ToString() ?? "").Order(StringComparer.Ordinal),
                Is.EqualTo(hosts.Select(host => host.ToString()).Order(StringComparer.Ordinal)),
                "it tells what it has ended");
    }

    private async Task ExpectAsync(object[] gone, object[] there)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (gone.Any(IsOpen) && !patience.IsCancellationRequested)
            await Task.Delay(10);
        Assert.That(gone.Where(IsOpen), Is.Empty, "they are ended");
        Assert.That(there.Where(session => !IsOpen(session)), Is.Empty, "the others go on");
    }
}
