using BlockSmtp.Testing;
using BlockSmtp.Tests.Fixtures;
using CustomFirewall;

namespace BlockSmtp.Tests.Firewalls;

public sealed class CustomFirewallSampleTests : FirewallConformance
{
    private DirectoryInfo _directory = null!;

    private string DenyFile => Path.Combine(_directory.FullName, "blocked.conf");

    protected override IFirewall Make() => new DenyFileFirewall(DenyFile);

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("bsmtp-");

    [TearDown]
    public void Remove() => _directory.Delete(recursive: true);

    [Test]
    public void The_sample_runs_and_leaves_nothing()
    {
        Command.Run("dotnet", "exec", typeof(DenyFileFirewall).Assembly.Location, DenyFile).Should().Be(
            "deny 192.0.2.1/32;\ndeny 2001:db8::/64;\nafter the release: 2001:db8::/64\n");
        _directory.EnumerateFiles().Should().BeEmpty();
    }

    [Test]
    public void The_guide_shows_the_code_of_the_sample()
    {
        var root = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "BlockSmtp.sln")))
            root = root.Parent;
        Requires.Need(root is not null, "it runs outside the repository");

        var sample = File.ReadAllText(Path.Combine(root!.FullName, "samples/CustomFirewall/DenyFileFirewall.cs"));
        var guide = File.ReadAllText(Path.Combine(root.FullName, "docs/writing-a-firewall.md"));
        var shown = guide.Split("```csharp\n").Skip(1).Select(part => part.Split("```")[0]).Where(code => !code.Contains("MyFirewall")).ToList();
        shown.Should().NotBeEmpty().And.OnlyContain(code => sample.Contains(code));
    }

    [Test]
    public async Task A_file_that_cannot_be_written_is_a_failure_of_the_firewall()
    {
        var firewall = new DenyFileFirewall(Path.Combine(_directory.FullName, "missing", "blocked.conf"));
        await FluentActions.Awaiting(async () => await firewall.StartAsync([], default))
            .Should().ThrowAsync<FirewallException>().WithMessage("*blocked.conf*directory*");
    }
}
