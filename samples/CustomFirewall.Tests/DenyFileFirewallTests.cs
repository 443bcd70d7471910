using BlockSmtp;
using BlockSmtp.Testing;
using CustomFirewall;
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
}
