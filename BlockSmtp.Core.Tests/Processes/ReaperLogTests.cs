using System.Net;
using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Tests.Processes;

[TestFixture, Category(Needs.Root)]
internal sealed class ReaperLogTests
{
    [Test]
    public async Task Each_session_that_ends_is_told()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect(from: "127.0.0.7");
        var logger = new Listener();

        await new SendmailReaper(mailer.Options, null, logger).EndSessionsAsync([IPNetwork.Parse("127.0.0.7/32")], default);

        logger.Events.Should().Equal(
            (1400, LogLevel.Debug, $"ended the session of 127.0.0.7 in process {client.ChildId}, because its host is blocked: Shutdown"));
    }

    [Test]
    public async Task Nothing_done_is_nothing_told()
    {
        using var mailer = new FakeSendmail();
        mailer.Connect();
        var logger = new Listener();

        await new SendmailReaper(mailer.Options, null, logger).EndStuckSessionsAsync(TimeSpan.FromHours(1), default);

        logger.Events.Should().BeEmpty();
    }

    private sealed class Listener : ILogger<SendmailReaper>
    {
        public List<(int Id, LogLevel Level, string Message)> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add((eventId.Id, logLevel, formatter(state, exception)));
    }
}
