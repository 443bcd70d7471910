using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using BlockSmtp.Cli.Hooks;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Tests.Hooks;

public sealed class EventHookTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Each_reason_of_a_release_has_a_word_of_its_own_that_stands_on_the_page()
    {
        var receiver = new Receiver();
        await using var hook = EventHook.Start(receiver, DateTimeOffset.MinValue, NullLogger.Instance)!;
        var block = new Block(IPNetwork.Parse("203.0.113.20/32"), Now, Now.AddHours(3), 4, "4 wrong names");
        var reasons = Enum.GetValues<ReleaseReason>();

        foreach (var reason in reasons)
            hook.OnReleased(block, Now, reason);

        await Eventually.IsTrue(() => receiver.Words.Count == reasons.Length, "all are passed on");
        receiver.Words.Should().OnlyHaveUniqueItems();
        var row = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "hooks.md"))).Single(line =>
            line.StartsWith("| `release` |", StringComparison.Ordinal));
        receiver.Words.Should().OnlyContain(word => row.Contains($"`{word}`", StringComparison.Ordinal));
    }

    private sealed class Receiver : IEventReceiver
    {
        public ConcurrentQueue<string> Words { get; } = [];

        public string Name => "test";

        public Task<string?> PassAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
        {
            using var read = JsonDocument.Parse(json);
            Words.Enqueue(read.RootElement.GetProperty("release").GetString()!);
            return Task.FromResult<string?>(null);
        }
    }
}
