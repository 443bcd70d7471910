using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>
/// What a firewall must do beside that, where rules of others stand next to its own and somebody else can take its rules away.
/// </summary>
public abstract class SharedFirewallConformance : FirewallConformance
{
    /// <summary>
    /// Puts there what others might have: rules before and behind the place of yours, of both families, and some that look alike.
    /// </summary>
    /// <returns>A task that ends when they are there.</returns>
    protected abstract Task PutRulesOfOthersAsync();

    /// <summary>Reads, without the firewall's help, the rules of others in their order: everything but the firewall's own.</summary>
    /// <returns>The rules, one each.</returns>
    protected abstract Task<IReadOnlyList<string>> ReadRulesOfOthersAsync();

    /// <summary>Takes the firewall's rules away behind its back, as someone would who reloads a firewall of their own.</summary>
    /// <returns>A task that ends when they are gone.</returns>
    protected abstract Task FlushAsync();

    /// <summary>Nothing that a firewall does changes a rule of others.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task The_rules_of_others_stay_as_they_are()
    {
        await PutRulesOfOthersAsync();
        var before = await ReadRulesOfOthersAsync();
        Assert.That(before, Is.Not.Empty, "the fixture has put no rules of others there");

        await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await ExpectOthersAsync(before, "a start");
        await BlockAsync("192.0.2.2/32", "192.0.2.0/24", "2001:db8::/64");
        await ReleaseAsync("192.0.2.1/32", "2001:db8::1/128");
        await ExpectOthersAsync(before, "changes");
        await ExpectAsync("192.0.2.2/32", "192.0.2.0/24", "2001:db8::/64");
        await StartAsync("192.0.2.3/32");
        await ExpectOthersAsync(before, "another start");
        await Firewall.StopAsync(default);
        await ExpectOthersAsync(before, "a stop");
        await Firewall.StopAsync(default);
        await ExpectOthersAsync(before, "a second stop");
    }

    /// <summary>What somebody else has taken away is seen, since the list is read from the thing itself.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Rules_that_a_foreign_hand_took_away_are_not_listed()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::/64");
        await FlushAsync();
        await ExpectAsync();
    }

    /// <summary>What somebody else has taken away is put back by a start.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_start_puts_back_what_a_foreign_hand_took_away()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await FlushAsync();
        await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await ExpectAsync("192.0.2.1/32", "2001:db8::1/128");
        await ReleaseAsync("192.0.2.1/32");
        await ExpectAsync("2001:db8::1/128");
    }

    /// <summary>A stop after somebody else has taken the rules away is no error.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_stop_after_a_foreign_hand_is_no_error()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await FlushAsync();
        await Firewall.StopAsync(default);
        await ExpectAsync();
    }

    private async Task ExpectOthersAsync(IReadOnlyList<string> before, string after) =>
        Assert.That(await ReadRulesOfOthersAsync(), Is.EqualTo(before), $"the rules of others after {after}");
}
