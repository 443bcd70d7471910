using System.Globalization;
using System.Net;
using System.Text.Json;
using BlockSmtp.Addresses;
using BlockSmtp.Scoring;

namespace BlockSmtp.Quality.Simulation;

/// <summary>What a simulated mail server has logged, and the truth.</summary>
internal sealed class SimulatedLog
{
    private readonly IReadOnlyList<SimulatedHost> _hosts;
    private readonly HashSet<IPAddress> _encrypted;
    private readonly IReadOnlyList<(string Id, int Session, string Sender, int Size, IReadOnlyList<string> Names,
        ScoredTransaction Transaction)> _wire;

    public SimulatedLog(
        Scenario scenario,
        IReadOnlyList<string> lines,
        IReadOnlyList<SimulatedHost> hosts,
        IReadOnlyList<(string Id, int Session, string Sender, int Size, IReadOnlyList<string> Names, ScoredTransaction Transaction)> wire)
    {
        Scenario = scenario;
        Lines = lines;
        _hosts = hosts;
        _wire = wire;
        _encrypted = [.. hosts.Where(host => host.UsesTls).Select(host => host.Address)];
        foreach (var host in hosts)
        {
            // A backup mail server belongs on the white-list; and who guesses passwords or relays is no business of ours.
            if (host.Kind is not ("secondary-mx" or "stranger" or "g-probe"))
                Truth.Add(HostKey.NetworkOf(host.Address), new HostTruth(host.IsGuesser, host.Kind));
        }

        Trusted = new WhiteList(hosts.Where(host => host.Kind == "secondary-mx").Select(host => HostKey.NetworkOf(host.Address)));
        Transactions = [.. wire.Select(each => each.Transaction)];
    }

    public Scenario Scenario { get; }

    /// <summary>Whether a host encrypts its sessions.</summary>
    public bool IsEncrypted(IPAddress address) => _encrypted.Contains(address);

    public IReadOnlyList<string> Lines { get; }

    public Truth Truth { get; } = new();

    public WhiteList Trusted { get; }

    public IReadOnlyList<ScoredTransaction> Transactions { get; }

    /// <summary>The transactions with the number of their session.</summary>
    public IEnumerable<(int Session, ScoredTransaction Transaction)> Sessions => _wire.Select(each => (each.Session, each.Transaction));

    /// <summary>The transactions with the names that were asked for in them.</summary>
    public IEnumerable<(int Session, bool IsBounce, IReadOnlyList<string> Names, ScoredTransaction Transaction)> Envelopes =>
        _wire.Select(each => (each.Session, each.Sender.Length == 0, each.Names, each.Transaction));

    /// <summary>How many hosts have tried a name or delivered to one: what a rule may have to remember.</summary>
    public int HostsToRemember => Transactions.Where(each => each.IsTaken || each.Recipients.Any(recipient => !recipient.IsRight))
        .Select(each => each.Peer).Distinct().Count();

    /// <summary>Plays a mail server's days; the same seed gives the same log.</summary>
    public static SimulatedLog Of(Scenario scenario, ulong seed)
    {
        var random = new Benchmarks.Logs.SeededRandom((seed * 1_000_003) ^ ScoredRecipient.KeyOf(scenario.Name));
        var server = new MailServer(scenario, random);
        new Innocents(scenario, server, random).Play();
        new Guessers(scenario, server, random).Play();
        return server.Finish();
    }

    /// <summary>
    /// Writes <c>mail.log</c>, <c>hosts.jsonl</c> and <c>wire.tsv</c>, which <c>blocksmtp score</c> reads, and <c>whitelist</c>.
    /// </summary>
    public void Save(string directory)
    {
        Directory.CreateDirectory(directory);
        WriteLog(Path.Combine(directory, "mail.log"));
        var seen = Transactions.Select(each => each.Peer).ToHashSet();
        using (var hosts = File.Create(Path.Combine(directory, "hosts.jsonl")))
        {
            foreach (var host in _hosts.Where(host => seen.Contains(host.Address) && Truth.Find(host.Address) is not null))
            {
                using (var json = new Utf8JsonWriter(hosts))
                {
                    json.WriteStartObject();
                    json.WriteString("ip", host.Address.ToString());
                    json.WriteString("kind", host.Kind);
                    json.WriteBoolean("guesser", host.IsGuesser);
                    json.WriteEndObject();
                }

                hosts.WriteByte((byte)'\n');
            }
        }

        File.WriteAllLines(Path.Combine(directory, "whitelist"), _hosts.Where(host => host.Kind == "secondary-mx")
            .Select(host => host.Address.ToString()));
        using var wire = new StreamWriter(Path.Combine(directory, "wire.tsv"));
        foreach (var (id, session, sender, size, names, transaction) in _wire)
        {
            var recipients =
                transaction.Recipients.Select((recipient, at) => $"{Seconds(recipient.Time)}:{names[at]}:{(recipient.IsRight ? 1 : 0)}");
            var times = $"{Seconds(transaction.Start)}\t{Seconds(transaction.End)}";
            var isNull = sender.Length == 0 ? 1 : 0;
            wire.Write($"{id}\t{transaction.Peer}\t{session}\t{times}\t{isNull}\t{size}\t{string.Join(',', recipients)}\n");
        }
    }

    public void WriteLog(string path)
    {
        using var log = new StreamWriter(path);
        foreach (var line in Lines)
        {
            log.Write(line);
            log.Write('\n');
        }
    }

    private static string Seconds(DateTimeOffset time) =>
        ((time - DateTimeOffset.UnixEpoch).Ticks / 1e7m).ToString("0.000000", CultureInfo.InvariantCulture);
}
