using System.Globalization;
using System.Text;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// Beside the real Postfix and Exim with a policy server whose words repeat what a client has said: whatever a guesser calls himself and
/// his sender, he is cut off, and whatever the senders are called whose mail a host passes on, it is not.
/// </summary>
[TestFixture]
[TestFixtureSource(nameof(Mailers))]
internal sealed class PolicyWordsTests(Mailer mailer)
{
    // Eight a day are let pass where nobody can tell of whom they speak, then four count; some are on their way.
    private const int MostAnswers = 18;
    private const int LetPass = 8;
    private const int OfSession = 9;
    private const int Guessers = 90;
    private const int Forwarders = 60;

    /// <summary>What sites say of a user who is not there.</summary>
    private static readonly string[] OfUnknown =
    [
        "No such user here", "User unknown", "{r}: User unknown", "No such user {r}", "No such user: {n}", "Unknown user {n} at {d}",
        "User unknown (sender {s})", "{s}: no such user {r}",
        "No such user: {r}, mail from {s} via {h} ({c})", "No such user {r} for {s}", "User unknown; client {c} [{a}]",
        "No such mailbox: mail is not accepted, contact postmaster@example.org",
        "Unknown user {r}; see http://example.org/?from={s}&ip={a}", "Sorry, no mailbox here by that name ({r})",
        "Mailbox unavailable: user not found", "Invalid recipient: no such user",
    ];

    /// <summary>What sites say of senders and clients.</summary>
    private static readonly string[] OfOthers =
    [
        "not welcome: {s}", "{s} is not welcome",
        "SPF fail - not authorized. Please see http://www.openspf.net/Why?s=mfrom;id={s};ip={a};r={d}", "{sd} is not wanted",
        "no MX for {sd}",
        "mail from {s} via {h} ({c}) is refused", "client {c} [{a}] is listed", "go away, {h}",
    ];

    private static readonly string[] Words =
    [
        "user", "unknown", "no", "such", "not", "found", "mailbox", "invalid", "policy", "spam", "blocked", "domain", "spf", "dkim",
        "sender", "helpdesk", "nobody", "x", "exist", "does", "see",
        "for", "via", "client", "mail", "from",
    ];

    private SendmailLab _lab = null!;
    private BlockSmtpDaemon _daemon = null!;

    public static readonly Mailer[] Mailers = [Mailer.Postfix, Mailer.Exim];

    [TearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _lab?.Dispose();
    }

    [Test]
    public async Task Who_guesses_is_cut_off_whatever_he_calls_himself_and_his_sender()
    {
        var random = new Random(Seed());
        var cases = Enumerable.Range(0, Guessers)
            .Select(i => new Case($"203.0.113.{i + 40}", Sender(random), Helo(random), OfUnknown[random.Next(OfUnknown.Length)])).ToArray();
        using var server = await StartAsync(cases);

        var answers = await AllAsync(cases, each => GuessAsync(each));

        answers.Count(count => count > 0).Should().BeGreaterThan(Guessers * 2 / 3, "the log ends with {0}", _lab.Log()[^1]);
        string.Join('\n', cases.Zip(answers)
            .Where(pair => pair.Second > MostAnswers || (pair.Second > 0 && !_lab.Drops(pair.First.Address)))
            .Select(pair => $"{pair.Second} answers: {Told(pair.First)}"))
            .Should().BeEmpty("seed {0}", Seed());
    }

    [Test]
    public async Task Who_passes_mail_on_is_let_through_whatever_its_senders_are_called()
    {
        var random = new Random(Seed());
        var cases = Enumerable.Range(0, Forwarders)
            .Select(i => new Case($"198.51.100.{i + 40}", "", "mx.forwarder.example", OfOthers[random.Next(OfOthers.Length)])).ToArray();
        using var server = await StartAsync(cases);
        var seeds = cases.ToDictionary(each => each, _ => random.Next());

        await AllAsync(cases, async each =>
        {
            var strangers = new Random(seeds[each]);
            for (var i = 0; i < LetPass; i++)
                await AskAsync(each with { Sender = Sender(strangers) }, ["alice"]);
            return 0;
        });

        await _daemon.HasJudgedAllUntilNow("203.0.113.250");
        string.Join('\n', cases.Where(each => _lab.Drops(each.Address)).Select(Told)).Should().BeEmpty("seed {0}", Seed());
    }

    private sealed record Case(string Address, string Sender, string Helo, string Words);

    private static int Seed() => Environment.GetEnvironmentVariable("BLOCKSMTP_FUZZ_SEED") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : 20_261_201;

    private async Task<PolicyServer> StartAsync(Case[] cases)
    {
        var said = cases.ToDictionary(each => each.Address, each => each.Words);
        _lab = SendmailLab.Start(new LabSettings { Mailer = mailer, Policy = true });
        _daemon = await BlockSmtpDaemon.StartAsync(_lab);
        return new PolicyServer(_lab, question =>
            said.TryGetValue(question["client_address"], out var words) ? Filled(words, question) : null);
    }

    private static string Filled(string words, IReadOnlyDictionary<string, string> question)
    {
        var (recipient, sender) = (question["recipient"], question["sender"]);
        var at = recipient.LastIndexOf('@');
        return new StringBuilder(words)
            .Replace("{r}", recipient).Replace("{n}", at < 0 ? recipient : recipient[..at]).Replace("{d}", recipient[(at + 1)..])
            .Replace("{sd}", sender[(sender.LastIndexOf('@') + 1)..])
            .Replace("{s}", sender).Replace("{h}", question["helo_name"]).Replace("{c}", question["client_name"])
            .Replace("{a}", question["client_address"]).ToString();
    }

    private static async Task<int[]> AllAsync(Case[] cases, Func<Case, Task<int>> run)
    {
        using var turns = new SemaphoreSlim(12);
        return await Task.WhenAll(cases.Select(async each =>
        {
            await turns.WaitAsync();
            try
            {
                return await run(each);
            }
            finally
            {
                turns.Release();
            }
        }));
    }

    private async Task<int> GuessAsync(Case each)
    {
        var answers = 0;
        for (var session = 0; session < 4 && !_lab.Drops(each.Address); session++)
        {
            answers += await AskAsync(each, [.. Enumerable.Range(0, OfSession).Select(i => $"n{session}x{i}")]);
            await Task.Delay(300);
        }

        return answers;
    }

    /// <summary>Asks for users in a session; returns how many were refused.</summary>
    private async Task<int> AskAsync(Case each, string[] users)
    {
        await using var session = await _lab.ConnectAsync(each.Address);
        await session.SayAsync("EHLO " + each.Helo);
        // Not all of them are senders.
        if ((await session.SayAsync($"MAIL FROM:<{each.Sender}>"))?.StartsWith("250", StringComparison.Ordinal) != true)
            return 0;
        var refused = 0;
        foreach (var user in users.TakeWhile(_ => !session.HasEnded))
        {
            refused += await session.SayAsync($"RCPT TO:<{user}@example.org>") is { } reply && reply.StartsWith('5') ? 1 : 0;
            // As fast as he is cut off the daemon is not asked here.
            await Task.Delay(40);
        }

        return refused;
    }

    private string Told(Case each) => $"{each}\n  " + _lab.Log().LastOrDefault(line =>
        line.Contains($"[{each.Address}]", StringComparison.Ordinal) && line.Contains("reject", StringComparison.Ordinal));

    private static string Sender(Random random)
    {
        var domain = random.Next(8) switch
        {
            0 => Word(random),
            1 => "n0x0.example",
            2 => $"{Word(random)}.{Word(random)}.example",
            _ => $"{Word(random)}-{Word(random)}.example",
        };
        return random.Next(12) switch
        {
            0 => $"n0x{random.Next(OfSession)}@example.org",
            1 => $"n0x{random.Next(OfSession)}@{domain}",
            2 => $"\"{Phrase(random, OfUnknown)}\"@{domain}",
            3 => $"\"{Phrase(random, OfUnknown)}\"@{domain}",
            4 => $"\"{Phrase(random, OfOthers)}\"@{domain}",
            5 => $"{Word(random)}@{domain}",
            6 => $"\"{Word(random)} {Word(random)} {Word(random)}\"@{domain}",
            7 => $"{Word(random)}={Word(random)}@{domain}",
            8 => $"{Word(random)}+{Word(random)}@{domain}",
            _ => $"{Word(random)}{"-._"[random.Next(3)]}{Word(random)}@{domain}",
        };
    }

    /// <summary>Some words of what a site says.</summary>
    private static string Phrase(Random random, string[] texts)
    {
        var words = texts[random.Next(texts.Length)].Split(' ').Where(word => !word.Contains('{')).ToArray();
        var from = random.Next(words.Length);
        return string.Join(' ', words[from..random.Next(from + 1, words.Length + 1)]).Replace("\"", "", StringComparison.Ordinal);
    }

    private static string Helo(Random random) => random.Next(4) switch
    {
        0 => Word(random),
        1 => $"{Word(random)}.{Word(random)}",
        2 => "mx.forwarder.example",
        _ => $"{Word(random)}-{Word(random)}.example",
    };

    private static string Word(Random random) => Words[random.Next(Words.Length)];
}
