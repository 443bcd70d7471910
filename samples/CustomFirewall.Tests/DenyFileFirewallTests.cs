using BlockSmtp;
using BlockSmtp.Testing;
using NUnit.Framework;

namespace CustomFirewall.Tests;

/// <summary>The deny file does what every firewall must do, and leaves the lines of others alone by having a file of its own.</summary>
public sealed class DenyFileFirewallTests : FirewallConformance
{
    private DirectoryInfo _directory = null!;

    protected override IFirewall Make() => new DenyFileFirewall(Path.Combine(_directory.FullName, "blocked.conf"));

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("custom-firewall-");

    [TearDown]
    public void RemoveDirectory() => _directory.Delete(recursive: true);

    [Test]
    public void A_file_that_cannot_be_written_is_a_failure_of_the_firewall()
    {
        var firewall = new DenyFileFirewall(Path.Combine(_directory.FullName, "missing", "blocked.conf"));
        var failure = Assert.ThrowsAsync<FirewallException>(async () => await firewall.StartAsync([], default));
        Assert.That(failure!.Message, Does.Contain("blocked.conf").And.Contain("directory"));
    }

    [TestCase("allow all;")]
    [TestCase("deny 192.0.2.1")]
    [TestCase("deny everybody;")]
    [TestCase("")]
    public async Task A_line_of_another_hand_is_a_failure_of_the_firewall_and_a_start_mends_it(string line)
    {
        await StartAsync("192.0.2.1/32");
        await File.AppendAllTextAsync(Path.Combine(_directory.FullName, "blocked.conf"), line + "\n");
        var failure = Assert.ThrowsAsync<FirewallException>(async () => await Firewall.ListAsync(default));
        Assert.That(failure!.Message, Does.Contain("blocked.conf").And.Contain($"'{line}'"));

        await StartAsync("192.0.2.1/32");
        await ExpectAsync("192.0.2.1/32");
    }

    [Test]
    public void A_file_that_cannot_be_deleted_is_a_failure_of_the_firewall()
    {
        _directory.CreateSubdirectory("blocked.conf");
        var failure = Assert.ThrowsAsync<FirewallException>(async () => await Firewall.StopAsync(default));
        Assert.That(failure!.Message, Does.Contain("blocked.conf").And.Contain("delete"));
    }

    [Test]
    public async Task Where_there_is_not_even_a_directory_a_stop_does_nothing() =>
        await new DenyFileFirewall(Path.Combine(_directory.FullName, "missing", "blocked.conf")).StopAsync(default);
}
