using BlockSmtp.Engine;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Detection;

/// <summary>What a machine calls itself.</summary>
public sealed class MachineNameTests
{
    [TestCase("mail1", "mail1.example.org")]
    [TestCase("MAIL1", "mail1.example.org")]
    [TestCase("mail2.example.net", "mail2.example.net")]
    [TestCase("mail3", "mail3")]
    [TestCase("192.0.2.25", "192.0.2.25")]
    public void A_name_without_a_domain_has_that_of_the_hosts_file(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        var hosts = folder.Write(
            "hosts", "# mail3.example.org mail3\n127.0.0.1\tlocalhost # x.example mail3\n\n192.0.2.25\tmail1.example.org  mail1\n::1\n");

        MachineName.Find(name, hosts).Should().Be(expected);
    }

    [Test]
    public void Without_a_hosts_file_the_name_is_that_of_the_kernel() =>
        MachineName.Find("mail1", "/nonexistent/hosts").Should().Be("mail1");
}
