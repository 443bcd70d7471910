using System.Collections.Concurrent;
using System.Text;
using BlockSmtp.Milter;

namespace BlockSmtp.Tests.Milter;

/// <summary>Writes down what it is told, and answers as it was told to.</summary>
internal sealed class RecordingMilter(ConcurrentQueue<string> seen) : IMilter
{
    public Func<string, MilterReply> Answer { get; init; } = _ => MilterReply.Continue;

    public ValueTask<MilterReply> ConnectAsync(MilterSession session, CancellationToken cancellationToken) =>
        Take($"connect {session.Client} {session.ClientPort}");

    public ValueTask<MilterReply> HeloAsync(MilterSession session, ReadOnlyMemory<byte> name, CancellationToken cancellationToken) =>
        Take($"helo {Text(name.Span)}");

    public ValueTask<MilterReply> MailAsync(MilterSession session, ReadOnlyMemory<byte> sender, CancellationToken cancellationToken) =>
        Take($"mail {Text(sender.Span)} {Text(session.Macro("i"u8))}");

    public ValueTask<MilterReply> RecipientAsync(
        MilterSession session, ReadOnlyMemory<byte> recipient, CancellationToken cancellationToken) =>
        Take($"rcpt {Text(recipient.Span)} {Text(session.Macro("{rcpt_mailer}"u8))} {Text(session.Macro("i"u8))}");

    public ValueTask<MilterReply> UnknownAsync(MilterSession session, ReadOnlyMemory<byte> command, CancellationToken cancellationToken) =>
        Take($"unknown {Text(command.Span)}");

    public ValueTask<MilterReply> EndOfMessageAsync(MilterSession session, CancellationToken cancellationToken) => Take("message");

    public ValueTask AbortAsync(MilterSession session, CancellationToken cancellationToken)
    {
        seen.Enqueue("abort");
        return default;
    }

    public ValueTask CloseAsync(MilterSession session)
    {
        seen.Enqueue("close");
        return default;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private ValueTask<MilterReply> Take(string what)
    {
        seen.Enqueue(what);
        return new(Answer(what));
    }
}
