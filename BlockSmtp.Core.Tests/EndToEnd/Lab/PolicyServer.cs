using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// A site's policy server in a lab, which Postfix or Exim asks for each recipient, and that refuses in words of the test's.
/// </summary>
/// <param name="lab">Whose namespace.</param>
/// <param name="words">
/// The words of a refusal, by the attributes of SMTPD_POLICY_README (<c>recipient</c>, <c>sender</c>, <c>helo_name</c>,
/// <c>client_name</c>, <c>client_address</c>); null where it has nothing against it.
/// </param>
internal sealed class PolicyServer(SendmailLab lab, Func<IReadOnlyDictionary<string, string>, string?> words)
    : AnsweringServer(lab, port: 10_031)
{
    protected override async Task ServeAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        while (await QuestionAsync(reader) is { } question)
        {
            var action = words(question) is { } refusal ? "REJECT " + refusal : "DUNNO";
            await stream.WriteAsync(Encoding.Latin1.GetBytes($"action={action}\n\n"));
            // Exim asks once, and reads to the end.
            if (!question.ContainsKey("request"))
                return;
        }
    }

    private static async Task<Dictionary<string, string>?> QuestionAsync(StreamReader reader)
    {
        var question = new Dictionary<string, string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
                return question;
            var end = line.IndexOf('=', StringComparison.Ordinal);
            question[line[..end]] = line[(end + 1)..];
        }

        return null;
    }
}
