using System.Diagnostics;
using System.Net;
using System.Text;
using BlockSmtp.Logs;
using BlockSmtp.Policies;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// Recipients at random, in every spelling that a mail server may take, against real ones: as many wrong guesses are counted for an address
/// as it was told that a name is unknown, neither more nor fewer.
/// </summary>
[TestFixture]
internal sealed class TruthFuzzTests
{
    // Postfix delays its answers from the tenth mistake on.
    private const int RecipientsOfASession = 9;
    private const int AtOnce = 4;

    private static readonly string[] Pieces =
    [
        "... User unknown", ", relay=", "[198.51.100.10]", "relay=mx.friendly.example [198.51.100.10]", ", reject=550 5.1.1 ",
        "ruleset=check_rcpt, arg1=",
        "from=", "to=", ", stat=", ", delay=", ", size=", "6ANHntrU020703: ", "DSN: User unknown", ": ", "; from=<",
        "> proto=ESMTP", "rejected RCPT <", ">: Unrouteable address", "H=(x) [198.51.100.10]", " F=<", "RCPT from unknown[198.51.100.10]: ",
        "Recipient address rejected: ",
        "<-- ", "--> ", "Milter: ", "alias ", "a", "B", "7", "-", "_", ".", "..", "=", "+", "%", "!", "/", "{",
        "|",
        " ", "  ", "\t", "\\", "\\\"", "(", ")", "<", ">", ",", ";", ":", "@", "[", "]", "\u00e4", "\u00ff", "'", "`", "$", "&", "*", "?",
        "#", "~", "^",
    ];

    private static readonly string[] Domains =
        ["", "@elsewhere.example", "@EXAMPLE.ORG", "@mail1.example.org", "@example.org", "@example.org", "@example.org"];

    [TestCase(Mailer.Sendmail, 18)]
    [TestCase(Mailer.Postfix, 6)]
    [TestCase(Mailer.Exim, 6)]
    public async Task As_many_guesses_are_counted_as_were_answered(Mailer mailer, int seconds)
    {
        using var lab = SendmailLab.Start(new LabSettings { Mailer = mailer, Throttle = 0 });
        // Always the same on CI; BLOCKSMTP_FUZZ_SEED=N tries others, and 0 a new one each time.
        var wished = Environment.GetEnvironmentVariable("BLOCKSMTP_FUZZ_SEED") is { Length: > 0 } text
            ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : 20_261_128;
        var seed = wished != 0 ? wished : Environment.TickCount;
        var truth = new Dictionary<string, SmtpSession>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async worker =>
        {
            var random = new Random(seed + worker);
            for (var i = 0; clock.Elapsed.TotalSeconds < seconds; i++)
            {
                var number = (i * AtOnce) + worker + 1;
                var source = number < 250 ? $"203.0.113.{number}" : $"2001:db8::a:{number:x}";
                var session = await lab.ConnectAsync(source);
                await session.BeginAsync();
                for (var recipient = 0; recipient < RecipientsOfASession && !session.HasEnded; recipient++)
                    await session.SayAsync("RCPT TO:" + Recipient(random));
                await session.QuitAsync();
                lock (truth)
                    truth[source] = session;
            }
        }));

        Dictionary<string, long> counted = [];
        try
        {
            await Eventually.IsTrue(
                async () => (counted = await CountAsync(lab)).Count > 0 && Differing(truth, counted).Length == 0,
                "what is counted is what was answered", TimeSpan.FromSeconds(10));
        }
        catch (AssertionException)
        {
            var wrong = Differing(truth, counted);
            var first = wrong.Take(5).Select(address => Describe(lab, address, truth.GetValueOrDefault(address), counted));
            Assert.Fail($"seed {seed}: {wrong.Length} of {truth.Count} sessions\n{string.Join('\n', first)}");
        }

        var answers = truth.Values.Sum(Told);
        var recipients = truth.Values.Sum(session => session.Exchanges.Count(IsRecipient));
        TestContext.Out.WriteLine($"{mailer}, seed {seed}: {truth.Count} sessions, {recipients} recipients, {answers} told to be unknown");
        answers.Should().BeGreaterThan(truth.Count, "many of them are taken for names");
        answers.Should().BeLessThan(recipients, "and some are not");
    }

    private static async Task<Dictionary<string, long>> CountAsync(SendmailLab lab)
    {
        var options = new ReplayOptions { Mailer = lab.Mailer, FirstYear = DateTime.Now.Year };
        var summary = await new LogReplay(new ReplayLogSource([lab.LogFile]), new CountPolicy(), options).RunAsync();
        return summary.Hosts.ToDictionary(host => host.Address.ToString(), host => (long)host.Offenses);
    }

    private static string[] Differing(Dictionary<string, SmtpSession> truth, Dictionary<string, long> counted) =>
        [.. truth.Keys.Where(address => Told(truth[address]) != counted.GetValueOrDefault(address)), .. counted.Keys.Except(truth.Keys)];

    private static int Told(SmtpSession session) => session.Exchanges.Count(IsUnknown);

    private static bool IsRecipient(Exchange exchange) => exchange.Sent.StartsWith("RCPT", StringComparison.Ordinal);

    /// <summary>By the code where there is one: the words of sendmail's reply hold the recipient as it was typed.</summary>
    private static bool IsUnknown(Exchange exchange) =>
        IsRecipient(exchange) && exchange.Reply is { } reply
        && (reply.StartsWith("550 5.1.1 ", StringComparison.Ordinal) || reply == "550 Unrouteable address");

    private static string Describe(SendmailLab lab, string address, SmtpSession? session, Dictionary<string, long> counted)
    {
        var told = session is null ? 0 : Told(session);
        var text = new StringBuilder($"{address}: {told} told, {counted.GetValueOrDefault(address)} counted\n");
        foreach (var exchange in session?.Exchanges.Where(IsRecipient) ?? [])
            text.AppendLine(exchange.ToString());
        // A guess of sendmail's is found by the process of the line that names the client.
        var own = lab.Log().Where(line => line.Contains(IPAddress.Parse(address).ToString(), StringComparison.Ordinal)).ToArray();
        var processes = own.Select(line => line.Split("]: ")[0]).Distinct().ToArray();
        foreach (var line in lab.Log().Where(line => own.Contains(line) || processes.Contains(line.Split("]: ")[0])).Take(30))
            text.AppendLine(line);
        return text.ToString();
    }

    private static string Recipient(Random random)
    {
        var name = random.Next(12) == 0 ? "alice" : $"n{random.Next():x}";
        var text = Text(random);
        var domain = Domains[random.Next(Domains.Length)];
        return random.Next(18) switch
        {
            0 => name + domain,
            1 => $"\"{name}\"{domain}",
            2 => $"<\"{Quoted(text)}\"{domain}>",
            3 => $"<\"{Quoted(text)}{name}\"{domain}>",
            4 => $"({text}){name}{domain}",
            5 => $"{name}({text}){domain}",
            6 => $"<{name}{domain}> {text}",
            7 => $"{text}:{name}{domain};",
            8 => $"{text}<{name}{domain}>",
            9 => $"<@relay.example,@b.example:{name}{domain}>",
            10 => $"<{name}%example.org@example.org>",
            11 => $"<{new string('x', random.Next(1, 260))}{domain}>",
            12 => $"<\"{Many('y', random)}{Quoted(text)}{Many('z', random)}\"{domain}>",
            13 => $"to={name}(, stat={text})",
            14 => $" <{name}+{random.Next(100)}{domain}> NOTIFY=NEVER",
            15 => text,
            16 => $"<{text}{domain}>",
            _ => $"<{name}{domain}>",
        };
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static string Many(char letter, Random random) => new(letter, random.Next(1, 120));

    private static string Quoted(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
