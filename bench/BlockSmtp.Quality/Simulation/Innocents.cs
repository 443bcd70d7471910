using BlockSmtp.Benchmarks.Logs;
using static BlockSmtp.Quality.Simulation.MailServer;

namespace BlockSmtp.Quality.Simulation;

/// <summary>Everybody who has a right to be heard, and the wrong names that they try.</summary>
internal sealed class Innocents(Scenario scenario, MailServer server, SeededRandom random)
{
    // Of all accepted recipients, so much comes from large providers, from companies' own servers and from hosts that are seen once.
    private const double FromProviders = 0.50;
    private const double FromCompanies = 0.20;
    private const double FromStrangers = 0.04;

    /// <summary>
    /// Large providers: outgoing addresses, share of their mail, share of recipients that do not exist. 2 to 7 % is what postmasters see
    /// from them (a customer's figures in the Cisco
    /// community, thread 843798; AOL's postmaster blog: 10 % of all addresses die in a year).
    /// </summary>
    private static readonly (int Addresses, double Share, double Unknown)[] Providers =
        [(400, 0.34, 0.03), (300, 0.24, 0.04), (160, 0.14, 0.05), (80, 0.10, 0.07), (60, 0.08, 0.02), (40, 0.06, 0.06), (24, 0.04, 0.05)];

    private readonly List<SimulatedHost> _companies = [];

    private People People => server.People;

    public void Play()
    {
        PlayProviders();
        PlayCompanies();
        PlayNewSenders();
        PlayNewsletters();
        PlayLists();
        PlayDiscussions();
        PlayBlasts();
        PlayBounces();
        PlayCallouts();
        PlayForwarders();
        PlaySecondary();
        PlayMachines();
        PlayStrangers();
    }

    /// <summary>
    /// A message of a person: mostly one recipient. A wrong one is a typo, which is put right when it bounces, or somebody who has left,
    /// the same few again and again.
    /// </summary>
    public void Write(SimulatedHost host, double time, double unknown, IReadOnlyList<string>? contactsGone = null)
    {
        var count = random.Chance(0.9) ? 1 : random.From(2, 5);
        List<string> names = [];
        var isTypo = false;
        for (var i = 0; i < count; i++)
        {
            if (!random.Chance(unknown))
            {
                names.Add(People.User());
            }
            else if (random.Chance(0.4))
            {
                names.Add(People.Typo());
                isTypo = true;
            }
            else
            {
                names.Add(contactsGone is not null && random.Chance(0.6) ? random.DrawFrom(contactsGone) : People.Former());
            }
        }

        Send(host, time, People.Sender(), names);
        if (isTypo && random.Chance(0.7))
            Send(host, time + 60 + random.Exponential(400), People.Sender(), [People.User()]);
    }

    private double Send(SimulatedHost host, double time, string sender, IReadOnlyList<string> names) =>
        server.Talk(host, time, [new Envelope(sender, names, server.Size(), 0.08)]);

    private void EachDay(double a, Action<int> play)
    {
        for (var day = 0; day < scenario.Days; day++)
        {
            for (var i = random.About(a * Busyness(day)); i > 0; i--)
                play(day);
        }
    }

    private List<string> FormerUsers(int count) => [.. Enumerable.Range(0, count).Select(_ => People.Former())];

    private void PlayProviders()
    {
        for (var i = 0; i < Providers.Length; i++)
        {
            var (addresses, share, unknown) = Providers[i];
            if (scenario.Users < 1_000)
                addresses = addresses * 3 / 5;
            string[] networks =
                [.. Enumerable.Range(0, 1 + (addresses / 120)).Select(_ => $"{40 + i}.{random.Below(256)}.{random.Below(256)}.")];
            SimulatedHost[] pool =
            [
                .. Enumerable.Range(0, Math.Max(8, addresses))
                    .Select(j => server.Host("provider", random.Chance(0.12) ? $"2a00:{0x1450 + i:x}:4864:20:" : random.Draw(networks),
                        $"mail-{j}.provider{i}.example")),
            ];
            var gone = FormerUsers(Math.Max(3, scenario.FormerUsers / 30));
            EachDay(FromProviders * scenario.AcceptedADay * share, day => Write(random.Draw(pool), server.Sometime(day), unknown, gone));
        }
    }

    private void PlayCompanies()
    {
        var companies = Enumerable.Range(0, scenario.Count("company"))
            .Select(_ => (Host: server.Host("company"), Unknown: random.From(0.01, 0.05), Gone: FormerUsers(2))).ToArray();
        _companies.AddRange(companies.Select(company => company.Host));
        // The busiest writes half of what the two next do.
        EachDay(FromCompanies * scenario.AcceptedADay, day =>
        {
            var (host, unknown, gone) =
                companies[Math.Min(companies.Length - 1, (int)(2 * (Math.Pow(companies.Length / 2.0, random.Next()) - 1)))];
            Write(host, server.Sometime(day), unknown, gone);
        });
    }

    private void PlayNewSenders() => EachDay(FromStrangers * scenario.AcceptedADay, day =>
    {
        var (host, time) = (server.Host("small-sender"), server.Sometime(day));
        for (var messages = random.Draw(1, 1, 1, 2, 3, 4); messages > 0; messages--)
        {
            Write(host, time, 0.03);
            time += random.Exponential(Day / 2);
        }
    });

    /// <summary>
    /// The subscribers of a list. How many of them are dead: below 5 % is what senders are told to keep to (M3AAWG, Sender Best Common
    /// Practices, and the usual limits of mailing services),
    /// but not all do; a tenth of the lists is much worse, as bought and old ones are.
    /// </summary>
    private (List<string> Names, bool IsCleaned) Subscribers(double factor)
    {
        var (least, most) = scenario.Subscribers;
        var count = Math.Max(2, (int)(Math.Min(most, 2 * least * random.LogNormal(0, 0.9)) * factor));
        var dead = random.Next() switch { < 0.7 => random.From(0.005, 0.05), < 0.9 => random.From(0.05, 0.15), _ => random.From(0.1, 0.4) };
        var gone = random.Sample(People.Gone, random.About(count * dead));
        return (random.Shuffle([.. random.Sample(People.Here, count - gone.Count), .. gone]), random.Chance(0.5));
    }

    private List<int> Issues(params int[] perWeek) =>
        [.. random.Sample([.. Enumerable.Range(0, scenario.Days)], Math.Max(1, (int)Math.Round(scenario.Days / 7.0 * random.Draw(perWeek))))
            .Order()];

    /// <summary>
    /// A mailing service: several hosts, one recipient a message, since each has a sender of its own for its bounce (VERP).
    /// </summary>
    private void PlayNewsletters()
    {
        for (var i = scenario.Count("newsletter"); i > 0; i--)
        {
            var network = $"{random.From(128, 168)}.{random.Below(256)}.{random.Below(256)}.";
            SimulatedHost[] pool = [.. Enumerable.Range(0, random.Draw(1, 2, 4, 8)).Select(_ => server.Host("newsletter", network))];
            for (var lists = random.From(1, 4); lists > 0; lists--)
            {
                var (names, isCleaned) = Subscribers(1);
                foreach (var day in Issues(1, 1, 2, 3))
                {
                    var begin = (day * Day) + random.From(5 * Hour, 20 * Hour);
                    double[] lanes = [.. pool.Select(_ => begin + random.From(0.0, 60.0))];
                    foreach (var part in names.Chunk(random.From(5, 50)))
                    {
                        var lane = random.Below(pool.Length);
                        Envelope[] messages =
                            [.. part.Select(name =>
                            new Envelope($"bounce-{random.Below(10_000_000)}@news.example", [name], server.Size(), 0.05))];
                        lanes[lane] = server.Talk(pool[lane], lanes[lane], messages, gap: 0.3) + random.From(0.0, 5.0);
                    }

                    if (isCleaned)
                        names.RemoveAll(name => !People.IsHere(name));
                }
            }
        }
    }

    /// <summary>A list that is sent with many recipients a transaction.</summary>
    private void PlayLists()
    {
        for (var i = scenario.Count("list"); i > 0; i--)
        {
            var host = server.Host("list-batch");
            var (names, isCleaned) = Subscribers(0.5);
            foreach (var day in Issues(1, 2, 3))
            {
                var time = (day * Day) + random.From(5 * Hour, 20 * Hour);
                foreach (var part in names.Chunk(random.Draw(20, 50, 100)))
                    time = server.Talk(host, time, [new Envelope("list-owner@lists.example", part, server.Size(), 0.03)]) + 1;
                if (isCleaned)
                    names.RemoveAll(name => !People.IsHere(name));
            }
        }
    }

    /// <summary>A discussion: few members here, some of them gone, and each message goes to all.</summary>
    private void PlayDiscussions()
    {
        for (var i = scenario.Count("discussion"); i > 0; i--)
        {
            var host = server.Host("discussion");
            string[] names =
                [.. random.Shuffle(Enumerable.Range(0, random.From(1, 6)).Select(_ => People.User())
                .Concat(FormerUsers(random.Draw(0, 0, 0, 1, 1, 2, 5))).Distinct())];
            for (var day = 0; day < scenario.Days; day++)
            {
                for (var messages = (int)random.Exponential(6); messages > 0; messages--)
                    server.Talk(host, server.Sometime(day), [new Envelope("list-bounces@disc.example", names, server.Size(), 0.03)]);
            }
        }
    }

    /// <summary>
    /// An old address book, or a bought list of a conference: a host that nobody has seen before, once, and 5 to 40 % are dead.
    /// </summary>
    private void PlayBlasts()
    {
        for (var i = scenario.Count("blast"); i > 0; i--)
        {
            var (host, count, dead) =
                (server.Host("cold-blast"), random.From(scenario.Subscribers.Least, (scenario.Subscribers.Least * 4) + 6),
                random.From(0.05, 0.40));
            var gone = (int)Math.Round(count * dead);
            var wrong = Enumerable.Range(0, gone).Select(_ => random.Chance(0.8) ? People.Former() : People.Typo());
            string[] names = [.. random.Shuffle(random.Sample(People.Here, count - gone).Concat(wrong).Distinct())];
            var (time, step) = (server.Sometime(), random.Draw(1, 1, 1, 5, 25));
            if (step == 1)
                server.Talk(host, time, [.. names.Select(name => new Envelope("office@firm.example", [name], server.Size(), 0.05))],
                    gap: 0.5);
            else
                foreach (var part in names.Chunk(step))
                    time = server.Talk(host, time, [new Envelope("office@firm.example", part, server.Size(), 0.05)]) + 2;
        }
    }

    /// <summary>
    /// Bounces of mail that spammers have sent in our users' names, and in names that never were: one recipient each and no sender (RFC
    /// 5321, 6.1). Some always, and once a flood (joe job).
    /// </summary>
    private void PlayBounces()
    {
        for (var day = 0; day < scenario.Days; day++)
        {
            for (var i = scenario.Count("bounces-a-day"); i > 0; i--)
                Bounce(random.Draw(1, 1, 1, 2, 3), server.Sometime(day), 3 * Hour);
        }

        var flood = 0.9 * server.Sometime(random.Below(scenario.Days));
        for (var i = scenario.Count("joe-job"); i > 0; i--)
            Bounce(random.Pareto(1.1, 60), flood + random.From(0, 8 * Hour), 6 * Hour);

        void Bounce(int count, double time, double span)
        {
            var host = random.Chance(0.25) ? random.DrawFrom(_companies) : server.Host("backscatter");
            for (; count > 0; count--)
                server.Talk(host, time + random.From(0, span), [new Envelope("", [People.Forged()], server.Size())]);
        }
    }

    /// <summary>
    /// Servers that ask whether a sender exists before they take his mail (Exim's callouts, milters): no sender, one recipient, no message.
    /// </summary>
    private void PlayCallouts()
    {
        for (var i = scenario.Count("callout"); i > 0; i--)
        {
            var (host, time) = (server.Host("callout"), server.Sometime());
            for (var asked = random.Pareto(1.1, 40); asked > 0; asked--)
                server.Talk(host, time + random.From(0, Day), [new Envelope("", [People.Forged()], 0)]);
        }
    }

    /// <summary>Somebody's old address that forwards all to here, spam too; some of those who set that up have left.</summary>
    private void PlayForwarders()
    {
        for (var i = scenario.Count("forwarder"); i > 0; i--)
        {
            var host = server.Host("forwarder");
            string[] targets =
                [.. Enumerable.Range(0, random.From(1, 4)).Select(_ => random.Chance(0.15) ? People.Former() : People.User())];
            for (var day = 0; day < scenario.Days; day++)
            {
                for (var messages = random.From(1, 15); messages > 0; messages--)
                    Send(host, server.Sometime(day), People.Sender(), [random.Draw(targets)]);
            }
        }
    }

    /// <summary>The backup mail server passes on what spammers and guessers leave with it. It belongs on the white-list.</summary>
    private void PlaySecondary()
    {
        if (scenario.Count("relayed-a-day") == 0)
            return;
        var host = server.Host("secondary-mx", server.Network(), "mx2.example.org");
        for (var day = 0; day < scenario.Days; day++)
        {
            for (var messages = scenario.Count("relayed-a-day"); messages > 0; messages--)
                Send(host, server.Sometime(day), People.Sender(), [random.Chance(0.55) ? People.Guess() : People.User()]);
        }
    }

    /// <summary>
    /// Monitoring every five minutes; devices that mail one dead address for ever; reports to a list with people who have left.
    /// </summary>
    private void PlayMachines()
    {
        for (var i = scenario.Count("monitor"); i > 0; i--)
        {
            var (host, name) = (server.Host("monitor"), i % 2 == 0 ? "healthcheck" : People.Here[0]);
            for (var time = random.From(0.0, 300.0); time < server.End; time += 300)
                server.Talk(host, time, [new Envelope("probe@monitor.example", [name], 0, 0)], hold: 0.05);
        }

        for (var i = scenario.Count("robot"); i > 0; i--)
        {
            var (host, name, step) = (server.Host("robot"), People.Former(), random.From(15 * 60.0, 60 * 60.0));
            for (var time = random.From(0, Hour); time < server.End; time += step * random.From(0.9, 1.1))
                server.Talk(host, time, [new Envelope("nas@robot.example", [name], 900, 0.05)]);
        }

        for (var i = scenario.Count("app"); i > 0; i--)
        {
            var host = server.Host("app");
            var names = random.Shuffle(
                [.. random.Sample(People.Here, random.From(8, 24)), .. random.Sample(People.Gone, random.From(2, 8))]);
            var isOne = random.Chance(0.5);
            for (var day = 0; day < scenario.Days; day++)
            {
                var time = (day * Day) + (2 * Hour) + random.From(0.0, 600.0);
                server.Talk(host, time, isOne ? [new Envelope("cron@app.example", names, 5_000, 0.02)]
                    : [.. names.Select(name => new Envelope("cron@app.example", [name], 5_000, 0.02))]);
            }
        }
    }

    /// <summary>Lines that are none of our business: who guesses passwords, and who looks for a relay.</summary>
    private void PlayStrangers()
    {
        for (var i = scenario.Count("stranger"); i > 0; i--)
        {
            var (host, time) = (server.Host("stranger"), server.Sometime());
            for (var tries = random.From(3, 40); tries > 0; tries--)
            {
                server.Say(time, 7, id =>
                    $"{id}: AUTH failure (LOGIN): user not found (-20) SASL(-13): user not found: checkpass failed, "
                        + $"user={People.Role()}, relay={host.Relay}");
                time += random.Exponential(90);
            }

            host = server.Host("stranger");
            server.Say(server.Sometime(), 9, id =>
                $"{id}: ruleset=check_rcpt, arg1=<x@victim.example>, relay={host.Relay}, "
                    + "reject=550 5.7.1 <x@victim.example>... Relaying denied. Proper authentication required.");
        }
    }
}
