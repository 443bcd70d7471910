using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>The image of packaging/container, run by a real container runtime in a network of the test's own.</summary>
[NonParallelizable]
[Category(Needs.Root)]
public sealed class ContainerTests
{
    private static readonly string[] Capabilities = ["CAP_NET_ADMIN", "CAP_KILL", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH"];

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Build()
    {
        Requires.Root();
        foreach (var tool in new[] { "mmdebstrap", "crun", "dh", "nft" })
            Requires.Tool(tool);
        Requires.Need(Tool.IsNative, "an image carries the native tool: run eng/test, or set BLOCKSMTP_BINARY to a published one");
        _folder = new TemporaryFolder();
        var package = Script("packaging/deb/build", $"binary={Path.GetFullPath(Tool.Path)}", $"output={_folder["deb"]}");
        var image = Script("packaging/container/build", $"package={package}", $"output={_folder["image"]}");
        Directory.CreateDirectory(_folder["bundle/rootfs"]);
        Command.Run("tar", "-C", _folder["."], "-xf", image);
        Command.Run("tar", "-C", _folder["bundle/rootfs"], "-xf", _folder["layer.tar"]);
        foreach (var name in new[] { "log", "state", "run" })
            Directory.CreateDirectory(_folder[name]);
    }

    [OneTimeTearDown]
    public void Remove()
    {
        // Files of the distribution, not all of which .NET would see.
        if (_folder is not null)
            Command.Run("rm", "-rf", _folder["bundle"]);
        _folder?.Dispose();
    }

    [Test]
    public void It_is_what_docker_load_takes_with_the_digest_of_its_layer()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(_folder["manifest.json"]));
        using var config = JsonDocument.Parse(File.ReadAllText(_folder["config.json"]));

        manifest.RootElement[0].GetProperty("Layers")[0].GetString().Should().Be("layer.tar");
        config.RootElement.GetProperty("rootfs").GetProperty("diff_ids")[0].GetString()
            .Should().Be("sha256:" + Command.Run("sha256sum", _folder["layer.tar"]).Split(' ')[0]);
    }

    [Test]
    public void It_has_neither_a_shell_nor_a_package_manager()
    {
        foreach (var name in new[] { "bin/sh", "usr/bin/sh", "usr/bin/bash", "usr/bin/apt-get", "usr/bin/dpkg" })
            Path.Exists(_folder[$"bundle/rootfs/{name}"]).Should().BeFalse(name);
        new DirectoryInfo(_folder["bundle/rootfs"]).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.LinkTarget is null)
            .Sum(file => file.Length)
            .Should().BeLessThan(60_000_000);
    }

    [Test]
    public async Task With_the_host_s_network_and_four_capabilities_it_blocks_in_the_host_s_kernel()
    {
        using var network = new NetworkNamespace();
        await File.WriteAllTextAsync(_folder["log/mail.log"], "");
        await File.WriteAllTextAsync(_folder["bundle/config.json"], Configuration());
        var name = "bsmtp-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        // Where the machine shows no control groups, crun wants to see some all the same.
        await using var container = new RunningProgram(new ProcessStartInfo("ip",
        [
            "netns", "exec", network.Name, "unshare", "--mount", "sh", "-c",
            "[ -e /sys/fs/cgroup/cgroup.procs ] || mount -t cgroup2 none /sys/fs/cgroup; exec crun "
                + "--cgroup-manager=disabled run --bundle \"$0\" \"$1\"", _folder["bundle"], name,
        ]));
        await container.UntilItSays("ready: ");
        await container.UntilItSays("following /host/log/mail.log");

        var now = DateTime.Now;
        var log = new LogText().Day(now.ToString("MMM dd", CultureInfo.InvariantCulture)).At(
            now.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        await File.AppendAllTextAsync(_folder["log/mail.log"], log.Unknown(999_999, 4).End(999_999, "203.0.113.77").ToString());

        await container.UntilItSays("blocked 203\\.0\\.113\\.77 until");
        await Eventually.IsTrue(
            () => network.Run("nft", "list", "table", "inet", "blocksmtp").Contains("203.0.113.77", StringComparison.Ordinal),
            "it is in the kernel",
            TimeSpan.FromMinutes(1));
        Tool.Run("list", $"--control-socket={_folder["run/control.sock"]}").Output.Should().Contain("203.0.113.77", "the host can ask it");
        Tool.Run("unblock", "203.0.113.77", $"--control-socket={_folder["run/control.sock"]}").ExitCode.Should().Be(0);
        await Eventually.IsTrue(
            () => !network.Run("nft", "list", "table", "inet", "blocksmtp").Contains("203.0.113.77", StringComparison.Ordinal),
            "it is out again",
            TimeSpan.FromMinutes(1));
        (await container.StopAsync()).Should().Be(0);
        network.Run("nft", "list", "ruleset").Should().BeEmpty("a stop takes the rules away");
    }

    [Test]
    public void The_examples_ask_for_what_was_tried_and_no_more()
    {
        foreach (var example in new[] { "compose.yaml", "kubernetes.yaml" })
        {
            var text = File.ReadAllText(Path.Combine(Repository.Root, "packaging", "container", example));
            Regex.Match(text, @"(?:cap_add|add): \[(.*)\]").Groups[1].Value.Split(", ").Select(name => "CAP_" + name)
                .Should().Equal(Capabilities, example);
            text.Should().Contain("[ALL]", example).And.Contain("/host/log/mail.log", example);
        }
    }

    /// <summary>An option that is not one is 64, whatever else the machine lacks; so is a value that is none.</summary>
    [TestCase("compose.yaml")]
    [TestCase("kubernetes.yaml")]
    public void The_examples_name_options_of_today(string example)
    {
        var words = Regex.Match(
            File.ReadAllText(Path.Combine(Repository.Root, "packaging", "container", example)),
            @"(?:command|args): \[daemon, (.*)\]").Groups[1].Value.Split(", ");
        words.Should().Contain("--syslog-msgs-file=/host/log/mail.log");

        Tool.Run(["check", .. words]).ExitCode.Should().NotBe(64);
        Tool.Run(["check", .. words, "--of-yesterday"]).ExitCode.Should().Be(64);
    }

    private static string Script(string script, params string[] settings) =>
        Command.Run(TimeSpan.FromMinutes(10), Path.Combine(Repository.Root, script), settings).Trim().Split('\n')[^1] is var printed
        && Path.IsPathRooted(printed)
            ? printed
            : Path.Combine(Repository.Root, printed);

    /// <summary>As compose.yaml has it: no namespace but that of mounts.</summary>
    private string Configuration() => JsonSerializer.Serialize(new
    {
        ociVersion = "1.0.2",
        process = new
        {
            user = new { uid = 0, gid = 0 },
            args = new[] { "/usr/sbin/blocksmtp", "daemon", "--firewall=nftables", "--debug=3", "--syslog-msgs-file=/host/log/mail.log" },
            env = new[] { "PATH=/usr/sbin:/usr/bin", "DOTNET_EnableDiagnostics=0" },
            cwd = "/",
            noNewPrivileges = true,
            capabilities = new { bounding = Capabilities, effective = Capabilities, permitted = Capabilities },
        },
        root = new { path = "rootfs", @readonly = true },
        mounts = new[]
        {
            Mount("/proc", "/proc", "rbind"), new Mounted("/dev", "tmpfs", "tmpfs", ["nosuid", "mode=755"]),
            Mount(_folder["log"], "/host/log", "bind", "ro"),
            Mount(_folder["state"], "/var/lib/blocksmtp", "bind"), Mount(_folder["run"], "/run/blocksmtp", "bind"),
        },
        linux = new { namespaces = new[] { new { type = "mount" } } },
    });

    private static Mounted Mount(string source, string destination, params string[] options) => new(destination, "bind", source, options);

    /// <summary>With the names that the runtime wants.</summary>
    private sealed record Mounted(string destination, string type, string source, string[] options);
}
