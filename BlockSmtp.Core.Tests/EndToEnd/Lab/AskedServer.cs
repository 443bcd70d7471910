using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A mail server in a lab that Exim asks for recipients (a callout), and that answers as the test likes.</summary>
/// <param name="lab">Whose namespace.</param>
/// <param name="answer">What it answers of a recipient.</param>
internal sealed class AskedServer(SendmailLab lab, Func<string, string> answer) : AnsweringServer(lab, port: 2525)
{
    private const string Question = "RCPT TO:<";

    private readonly ConcurrentQueue<string> _asked = [];

    /// <summary>The recipients that it was asked for.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    protected override async Task ServeAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await SayAsync(stream, "220 inner.example ESMTP");
        while (await reader.ReadLineAsync() is { } command)
            await SayAsync(stream, AnswerTo(command));
    }

    private static async Task SayAsync(NetworkStream stream, string reply) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"));

    private string AnswerTo(string command)
    {
        if (!command.StartsWith(Question, StringComparison.OrdinalIgnoreCase))
            return "250 ok";
        var recipient = command[Question.Length..command.IndexOf('>', StringComparison.Ordinal)];
        _asked.Enqueue(recipient);
        return answer(recipient);
    }
}
