using System.Globalization;
using System.Net.Sockets;
using BlockSmtp.Control;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Control;

/// <summary>The socket in the file system: who may open it, and who had it before.</summary>
public sealed class ControlSocketTests
{
    private const uint Nogroup = 65534;

    [Test]
    public async Task Only_its_owner_may_open_it()
    {
        await using var control = new RunningControl();

        Command.Run("stat", "-c", "%a", control.Path).Trim().Should().Be("600");
    }

    [Test]
    public async Task It_is_gone_with_its_server()
    {
        await using var control = new RunningControl();

        await control.Server.DisposeAsync();

        File.Exists(control.Path).Should().BeFalse();
        var connecting = control.ConnectAsync;
        (await connecting.Should().ThrowAsync<ControlException>()).Which.Code.Should().Be(ControlErrorCode.NotRunning);
    }

    [Test]
    public async Task That_of_the_dead_is_replaced_and_that_of_the_living_is_not()
    {
        using var folder = new TemporaryFolder();
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(folder["bound"]));
            // Under the name that it was bound to, .NET would take it away.
            File.Move(folder["bound"], folder["control.sock"]);
        }

        File.Exists(folder["control.sock"]).Should().BeTrue();

        await using var control = new RunningControl(options => options.Path = folder["control.sock"]);
        await using var client = await control.ConnectAsync();
        await client.GetStatusAsync();

        var second = () => ControlServer.Start(control.Engine.Engine, new ControlServerOptions { Path = control.Path });
        second.Should().Throw<ControlException>().WithMessage(
            $"another blocksmtp listens on '{control.Path}': stop it, or name another socket");
        (await client.GetStatusAsync()).Engine.Blocks.Should().Be(0);
    }

    [Test]
    public async Task A_folder_and_a_pipe_of_its_name_stay()
    {
        await using var control = new RunningControl();
        using var folder = new TemporaryFolder();
        Command.Run("mkfifo", folder["pipe"]);
        Command.Run("mkdir", folder["folder"]);

        foreach (var path in new[] { folder["pipe"], folder["folder"] })
        {
            var listening = () => ControlServer.Start(control.Engine.Engine, new ControlServerOptions { Path = path });
            listening.Should().Throw<ControlException>().WithMessage("*there is a file of that name*");
        }

        Directory.GetFileSystemEntries(folder["."]).Should().HaveCount(2, "nothing is left beside them");
        Command.Run("stat", "-c", "%F", folder["pipe"]).Should().Be("fifo\n");
    }

    [Test]
    public async Task A_socket_of_another_kind_is_somebody_elses()
    {
        await using var control = new RunningControl();
        using var folder = new TemporaryFolder();
        using var datagrams = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        datagrams.Bind(new UnixDomainSocketEndPoint(folder["log.sock"]));

        var listening = () => ControlServer.Start(control.Engine.Engine, new ControlServerOptions { Path = folder["log.sock"] });

        listening.Should().Throw<ControlException>().WithMessage($"the control socket '{folder["log.sock"]}' cannot be made: *");
        File.Exists(folder["log.sock"]).Should().BeTrue();
    }

    [Test]
    public async Task A_file_that_is_no_socket_stays()
    {
        await using var control = new RunningControl();
        using var folder = new TemporaryFolder();
        var file = folder.Write("precious", "data");

        var listening = () => ControlServer.Start(control.Engine.Engine, new ControlServerOptions { Path = file });

        listening.Should().Throw<ControlException>().WithMessage("*there is a file of that name*");
        File.ReadAllText(file).Should().Be("data");
    }

    [Test, Category(Needs.Root)]
    public async Task Strangers_are_refused_by_the_kernel_and_if_they_get_through_by_us()
    {
        Requires.Root();
        Requires.Tool("setpriv");
        using var folder = new TemporaryFolder();
        Command.Run("chmod", "755", folder["."]);
        await using var control = new RunningControl(options => options.Path = folder["control.sock"]);

        AskAs(control.Path, []).Should().Be(
            (77, $"blocksmtp: this user may not open '{control.Path}': ask as root, or start the daemon with --control-group\n"));

        Command.Run("chmod", "666", control.Path);
        AskAs(control.Path, []).Should().Be((
            77,
            "blocksmtp: user 65534 may not ask this daemon: ask as root or as the user who runs it, or start it with --control-group\n"));
    }

    [Test, Category(Needs.Root)]
    public async Task Members_of_the_group_may_ask_whether_it_is_their_first_or_another()
    {
        Requires.Root();
        Requires.Tool("setpriv");
        using var folder = new TemporaryFolder();
        Command.Run("chmod", "755", folder["."]);
        await using var control = new RunningControl(options => (options.Path, options.Group) = (folder["control.sock"], Nogroup));

        Command.Run("stat", "-c", "%a %g", control.Path).Trim().Should().Be("660 65534");
        AskAs(control.Path, ["--regid=65534", "--clear-groups"]).Code.Should().Be(0);
        AskAs(control.Path, ["--regid=1", "--groups=2,65534"]).Code.Should().Be(0);
        AskAs(control.Path, ["--regid=1", "--groups=2,3"]).Code.Should().Be(77);
        Command.Run("chmod", "666", control.Path);
        AskAs(control.Path, ["--regid=1", "--groups=2,3"]).Errors.Should().StartWith("blocksmtp: user 65534 may not ask this daemon");
    }

    [Test]
    public void A_time_that_no_timer_takes_is_a_mistake()
    {
        var engine = new DetectionEngine(new ScriptedLogSource(), new BlockSmtp.Policies.CountPolicy(), new MemoryFirewall());
        foreach (var timeout in new[] { TimeSpan.Zero, TimeSpan.FromDays(50), TimeSpan.MaxValue })
        {
            using var folder = new TemporaryFolder();
            var starting = () => ControlServer.Start(engine, new ControlServerOptions { Path = folder["control.sock"], Timeout = timeout });
            starting.Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    private static (int Code, string Errors) AskAs(string path, string[] groups)
    {
        string[] identity = groups.Length > 0 ? groups : ["--regid=65534", "--clear-groups"];
        // The folder of the program need not be open to everybody: it is opened by root beforehand.
        var (code, _, errors) = Command.Try("setpriv", [
            string.Create(CultureInfo.InvariantCulture, $"--reuid={65534}"), .. identity, "--inh-caps=-all", Tool.Path, "status",
            $"--control-socket={path}"]);
        return (code, errors);
    }
}
