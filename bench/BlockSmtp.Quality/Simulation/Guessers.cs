using BlockSmtp.Benchmarks.Logs;
using static BlockSmtp.Quality.Simulation.MailServer;

namespace BlockSmtp.Quality.Simulation;

/// <summary>
/// Everybody who wants to know which names there are. The ways: a dictionary at once or slowly, from one host or many (Bencsáth and Vajda
/// 2005 on directory harvesting; the
/// background of old spam lists is by far the most frequent in every log).
/// </summary>
internal sealed class Guessers(Scenario scenario, MailServer server, SeededRandom random)
{
    private People People => server.People;

    public void Play()
    {
        Each("g-burst", Burst);
        Each("g-reset", Reset);
        Each("g-reconnect", Reconnect);
        Each("g-slow", host => Slow(host, random.From(5 * 60.0, 30 * 60.0), random.From(0.5, 3.0) * Day));
        Each("g-very-slow", host => Slow(host, random.From(3 * Hour, 8 * Hour), server.End));
        Each("g-background", Background);
        Each("g-spam-run", SpamRun);
        Each("g-mixer", Mix);
        Each("g-null-many", host => server.Talk(host, Anytime(), [new Envelope("", People.Guesses(random.From(20, 120)), 0)]));
        Each("g-null-one", NullOne);
        Each("g-half-list", HalfList);
        Each("g-probe", Probe);
        for (var i = scenario.Count("g-snowshoe"); i > 0; i--)
            Snowshoe();
        for (var i = scenario.Count("g-ipv6"); i > 0; i--)
            Rotate();
        Walk(scenario.Count("g-walk"));
        Return(scenario.Count("g-returning"));
    }

    private double Anytime() => random.From(0, 0.9 * server.End);

    private void Each(string kind, Action<SimulatedHost> play)
    {
        for (var i = scenario.Count(kind); i > 0; i--)
            play(server.Host(kind));
    }

    private double Ask(SimulatedHost host, double time, params IReadOnlyList<string> names) =>
        server.Talk(host, time, [new Envelope(People.Sender(), names, 0, 0.2)]);

    /// <summary>A dictionary in one transaction, which is then held open.</summary>
    private void Burst(SimulatedHost host) =>
        server.Talk(host, Anytime(),
            [new Envelope(People.Sender(), People.Guesses(random.From(30, 300)), 0, random.Draw(0.005, 0.05, 0.2, 0.8))],
            hold: random.Draw(0.0, 5.0, 300.0));

    /// <summary>RSET after one or two, so that sendmail's throttle never sees a third.</summary>
    private void Reset(SimulatedHost host) => server.Talk(
        host, Anytime(),
            [.. People.Guesses(random.From(30, 200)).Chunk(random.Draw(1, 2))
            .Select(names => new Envelope(People.Sender(), names, 0, 0.05))], gap: random.Draw(0.02, 0.3, 2.0));

    /// <summary>One or two names a connection.</summary>
    private void Reconnect(SimulatedHost host)
    {
        var time = Anytime();
        foreach (var names in People.Guesses(random.From(20, 200)).Chunk(random.Draw(1, 2)))
        {
            Ask(host, time, names);
            time += random.From(2.0, 60.0);
        }
    }

    private void Slow(SimulatedHost host, double step, double lasts)
    {
        var begin = random.From(0, Math.Min(0.6 * server.End, Math.Max(Day, server.End - lasts)));
        var end = Math.Min(server.End, begin + lasts);
        for (var time = begin; time < end; time += step * random.From(0.7, 1.3))
            Ask(host, time, People.Guess());
    }

    /// <summary>Bots with an old list: one to three recipients, and never again.</summary>
    private void Background(SimulatedHost host)
    {
        string[] names =
            [.. Enumerable.Range(0, random.Draw(1, 1, 1, 2, 2, 3))
            .Select(_ => random.Next() switch { < 0.3 => People.User(), < 0.51 => People.Former(), _ => People.Guess() }).Distinct()];
        server.Talk(host, Anytime(), [new Envelope(People.Sender(), names, server.Size())]);
    }

    /// <summary>A bot that sends spam to all it can think of, of which 60 to 90 % do not exist.</summary>
    private void SpamRun(SimulatedHost host)
    {
        var unknown = random.From(0.6, 0.9);
        var names = Enumerable.Range(0, random.From(5, 40)).Select(_ => random.Chance(unknown) ? People.Guess() : People.User()).Distinct()
            .ToArray();
        SendInParts(host, names, random.Draw(1, 2, 5, 10), 30);
    }

    /// <summary>A list that was checked once: half of it exists.</summary>
    private void HalfList(SimulatedHost host)
    {
        var count = Math.Min(random.From(30, 150), scenario.Users);
        var others = Enumerable.Range(0, count / 2).Select(_ => random.Chance(0.5) ? People.Former() : People.Guess());
        SendInParts(host, [.. random.Shuffle(random.Sample(People.Here, count / 2).Concat(others).Distinct())], random.Draw(1, 2, 5, 10),
            60);
    }

    private void SendInParts(SimulatedHost host, string[] names, int size, double longestPause)
    {
        var time = Anytime();
        foreach (var part in names.Chunk(size))
            time = server.Talk(host, time, [new Envelope(People.Sender(), part, server.Size())]) + random.From(0.5, longestPause);
    }

    /// <summary>
    /// Asks for one that it knows beside each guess, to look like somebody with a typo; half of them really deliver to it, some more often
    /// than they guess.
    /// </summary>
    private void Mix(SimulatedHost host)
    {
        var (time, isDelivering, more) = (0.9 * Anytime(), random.Chance(0.5), random.Draw(0, 0, 2, 4));
        string[] known = [.. Enumerable.Range(0, random.Draw(1, 1, 3)).Select(_ => People.User())];
        foreach (var guess in People.Guesses(random.From(30, 150)))
        {
            for (var i = isDelivering ? more : 0; i > 0; i--)
                time = server.Talk(host, time, [new Envelope(People.Sender(), [random.Draw(known)], server.Size())])
                    + random.From(1.0, 60.0);
            server.Talk(host, time, [new Envelope(People.Sender(), [random.Draw(known), guess], isDelivering ? server.Size() : 0)]);
            time += random.From(1.0, 300.0);
        }
    }

    /// <summary>No sender and one recipient, as a callout has it.</summary>
    private void NullOne(SimulatedHost host)
    {
        var time = Anytime();
        foreach (var names in People.Guesses(random.From(20, 150)).Chunk(random.From(1, 8)))
            time = server.Talk(host, time, [.. names.Select(name => new Envelope("", [name], 0))], gap: 0.5) + random.From(1.0, 60.0);
    }

    /// <summary>VRFY and EXPN, which sendmail logs for known names and unknown ones alike.</summary>
    private void Probe(SimulatedHost host)
    {
        var time = Anytime();
        foreach (var name in People.Guesses(random.From(5, 60)))
        {
            server.Say(time, 3, id => $"{id}: {host.Relay}: {random.Draw("VRFY", "VRFY", "EXPN")} {name}");
            time += random.Exponential(3);
        }
    }

    /// <summary>Much of a /24, each address one to three times a day; innocents live there too.</summary>
    private void Snowshoe()
    {
        var network = server.Network();
        var begin = 0.6 * Anytime();
        SimulatedHost[] hosts = [.. Enumerable.Range(0, random.From(60, 120)).Select(_ => server.Host("g-snowshoe", network))];
        for (var day = 0; day < Math.Min(3, scenario.Days); day++)
        {
            foreach (var host in hosts)
            {
                for (var tries = random.Draw(1, 2, 3); tries > 0; tries--)
                    Ask(host, begin + ((day + random.Next()) * Day), People.Guess());
            }
        }

        var innocents = new Innocents(scenario, server, random);
        for (var i = 0; i < 4; i++)
        {
            var host = server.Host("small-sender", network);
            for (var messages = random.From(2, 12); messages > 0; messages--)
                innocents.Write(host, server.Sometime(), 0.04);
        }
    }

    /// <summary>Another address of one /64 for each connection.</summary>
    private void Rotate()
    {
        var (network, time) = (server.NetworkV6(), 0.7 * Anytime());
        foreach (var name in People.Guesses(random.From(80, 300)))
        {
            Ask(server.Host("g-ipv6", network), time, name);
            time += random.From(1.0, 120.0);
        }
    }

    /// <summary>Many hosts go through one sorted list, one to three tries each, and never come back.</summary>
    private void Walk(int count)
    {
        var order = random.Shuffle(Enumerable.Range(0, count).Select(_ => server.Host("g-walk", server.Network()))
            .SelectMany(host => Enumerable.Repeat(host, random.Draw(1, 1, 2, 2, 3))));
        string[] names = [.. Enumerable.Range(0, order.Count * 2).Select(_ => People.Guess()).Distinct().Order(StringComparer.Ordinal)];
        var (begin, span) = (0.7 * Day, 14 * Hour);
        for (var i = 0; i < Math.Min(order.Count, names.Length); i++)
            Ask(order[i], begin + (span * i / order.Count) + random.From(0.0, 20.0), names[i]);
    }

    /// <summary>Many hosts with one try every few hours.</summary>
    private void Return(int count)
    {
        for (; count > 0; count--)
        {
            var host = server.Host("g-returning", server.Network());
            for (var time = random.From(0, 8 * Hour); time < 0.95 * server.End; time += random.From(2 * Hour, 8 * Hour))
                Ask(host, time, People.Guess());
        }
    }
}
