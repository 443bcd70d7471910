using System.Text;
using BlockSmtp.Firewalls;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Firewalls;

public sealed class ToolTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Test]
    public async Task It_reads_its_input_and_what_it_prints_comes_back()
    {
        var result = await new Tool("cat", ["/bin/cat"], Long).RunAsync("hello"u8.ToArray(), default);
        result.Should().Be(new ToolResult(0, "hello", ""));
    }

    [Test]
    public async Task Much_input_and_output_do_not_wait_for_each_other()
    {
        var much = new string('x', 5_000_000);
        var result = await new Tool("cat", ["/bin/cat"], Long).RunAsync(Encoding.ASCII.GetBytes(much), default);
        result.Output.Should().HaveLength(much.Length);
    }

    [Test]
    public async Task Exit_code_and_errors_come_back()
    {
        var result = await Shell("echo it broke >&2; exit 3").RunAsync(default, default);
        result.Should().Be(new ToolResult(3, "", "it broke"));
    }

    [Test]
    public async Task Of_endless_errors_the_beginning_is_kept()
    {
        var result = await Shell("echo first >&2; head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1").RunAsync(default, default);
        result.Errors.Should().StartWith("first").And.HaveLength(4096);
    }

    [Test]
    public async Task A_tool_that_does_not_read_its_input_says_itself_what_is_wrong()
    {
        var result = await Shell("exec <&-; echo no >&2; exit 2").RunAsync(new byte[1_000_000], default);
        result.Should().Be(new ToolResult(2, "", "no"));
    }

    [Test]
    public async Task What_it_was_spoken_to_through_is_closed_with_it()
    {
        static int OpenFiles() => Directory.GetFiles("/proc/self/fd").Length;
        await Shell("true").RunAsync(default, default);
        var before = OpenFiles();
        for (var i = 0; i < 30; i++)
            await Shell("true").RunAsync(default, default);
        OpenFiles().Should().BeLessThan(before + 30);
    }

    [Test]
    public async Task Its_arguments_reach_it_as_they_are()
    {
        var result = await new Tool("printf", ["/usr/bin/printf", "%s|", "a b", "$(id)", "\"'", ""], Long).RunAsync(default, default);
        result.Output.Should().Be("a b|$(id)|\"'||");
    }

    [Test]
    public async Task It_speaks_English() =>
        (await Shell("echo $LC_ALL").RunAsync(default, default)).Output.Should().Be("C\n");

    [Test]
    public async Task A_tool_that_hangs_is_killed_with_its_children_at_the_deadline()
    {
        using var pids = new TemporaryFile();
        var hanging = Shell($"sleep 1000 & echo $! $$ >{pids.Path}; wait", TimeSpan.FromSeconds(1));

        await FluentActions.Awaiting(() => hanging.RunAsync(default, default))
            .Should().ThrowAsync<FirewallException>().WithMessage("sh did not end within 1 s and was killed*");
        await pids.ExpectAllToEnd();
    }

    [Test]
    public async Task A_tool_is_killed_when_the_caller_gives_up()
    {
        using var pids = new TemporaryFile();
        using var giveUp = new CancellationTokenSource();
        var run = Shell($"echo $$ >{pids.Path}; exec sleep 1000").RunAsync(default, giveUp.Token);
        while (new FileInfo(pids.Path).Length == 0)
            await Task.Yield();

        await giveUp.CancelAsync();
        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        await pids.ExpectAllToEnd();
    }

    [Test]
    public async Task A_tool_that_is_not_there_is_a_failure_of_the_firewall() =>
        await FluentActions.Awaiting(() => new Tool("none", ["/nonexistent/none"], Long).RunAsync(default, default))
            .Should().ThrowAsync<FirewallException>().WithMessage("none can't be started:*");

    private static Tool Shell(string script, TimeSpan? deadline = null) => new("sh", ["/bin/sh", "-c", script], deadline ?? Long);

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        // A signal that was sent needs a moment on a busy machine.
        public async Task ExpectAllToEnd()
        {
            foreach (var pid in File.ReadAllText(Path).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
                await Eventually.IsTrue(() => HasEnded(pid), $"process {pid} was to be killed");
        }

        public void Dispose() => File.Delete(Path);

        // A child of a killed parent stays a zombie until init has reaped it.
        private static bool HasEnded(string pid)
        {
            try
            {
                return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0] is 'Z' or 'X';
            }
            catch (IOException)
            {
                return true;
            }
        }
    }
}
