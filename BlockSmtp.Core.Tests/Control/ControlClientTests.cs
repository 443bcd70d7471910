using System.Net.Sockets;
using BlockSmtp.Control;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Control;

/// <summary>A client of a daemon that answers late.</summary>
internal sealed class ControlClientTests
{
    private TemporaryFolder _folder = null!;
    private Socket _daemon = null!;

    private string Path => _folder["control.sock"];

    [SetUp]
    public void Listen()
    {
        _folder = new();
        _daemon = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _daemon.Bind(new UnixDomainSocketEndPoint(Path));
        _daemon.Listen();
    }

    [TearDown]
    public void End()
    {
        _daemon.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task An_answer_that_comes_too_late_is_not_taken_for_the_next_one()
    {
        await using var client = await ControlClient.ConnectAsync(Path, TimeSpan.FromMilliseconds(50));
        await client.Awaiting(asked => asked.UnblockAllAsync()).Should().ThrowAsync<ControlException>().WithMessage("*did not answer*");
        await AnswerAsync();
        await client.Awaiting(asked => asked.UnblockAllAsync())
            .Should().ThrowAsync<ControlException>().WithMessage("*an earlier request has failed*connect anew*");
    }

    [Test]
    public async Task The_answer_to_a_request_that_was_given_up_is_not_taken_for_the_next_one()
    {
        await using var client = await ControlClient.ConnectAsync(Path, TimeSpan.FromSeconds(2));
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await client.Awaiting(asked => asked.UnblockAllAsync(impatience.Token)).Should().ThrowAsync<OperationCanceledException>();
        await AnswerAsync();
        await client.Awaiting(asked => asked.UnblockAllAsync())
            .Should().ThrowAsync<ControlException>().WithMessage("*an earlier request has failed*connect anew*");
    }

    [Test]
    public async Task After_what_the_daemon_refuses_it_can_be_asked_on()
    {
        await using var client = await ControlClient.ConnectAsync(Path);
        using var connection = await _daemon.AcceptAsync();
        await connection.SendAsync("{\"version\":1,\"ok\":false,\"error\":{\"code\":\"no_history\",\"message\":\"none\"}}\n"u8.ToArray());
        await client.Awaiting(asked => asked.FindAsync(new())).Should().ThrowAsync<ControlException>().WithMessage("none");
        await connection.SendAsync("{\"version\":1,\"ok\":true,\"released\":50}\n"u8.ToArray());
        (await client.UnblockAllAsync()).Should().Be(50);
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(50 * 24 * 3600)]
    public async Task A_time_that_no_timer_takes_is_a_mistake(int seconds) =>
        await FluentActions.Awaiting(() => ControlClient.ConnectAsync(Path, TimeSpan.FromSeconds(seconds)))
            .Should().ThrowAsync<ArgumentOutOfRangeException>();

    /// <summary>Says it to a client that may be gone.</summary>
    private async Task AnswerAsync()
    {
        using var connection = await _daemon.AcceptAsync();
        try
        {
            await connection.SendAsync("{\"version\":1,\"ok\":true,\"released\":50}\n"u8.ToArray());
        }
        catch (SocketException)
        {
            // It is.
        }
    }
}
