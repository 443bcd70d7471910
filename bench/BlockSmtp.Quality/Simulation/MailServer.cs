using System.Globalization;
using System.Net;
using BlockSmtp.Benchmarks.Logs;
using BlockSmtp.Scoring;

namespace BlockSmtp.Quality.Simulation;

/// <summary>
/// A sendmail 8.17 that nobody protects: it answers every host, logs as it does with LogLevel 9 and BadRcptThrottle=3 (Debian's defaults;
/// docs/sendmail.md has recorded lines),
/// and notes what was really asked. Times are seconds since the beginning.
/// </summary>
internal sealed class MailServer(Scenario scenario, SeededRandom random)
{
    public const double Day = 86_400;
    public const double Hour = 3_600;

    private const string Domain = "example.org";
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx";
    private const int Throttle = 3;

    // A Monday.
    private static readonly DateTime Begin = new(2026, 11, 2, 0, 0, 0, DateTimeKind.Utc);

    // Mail by the hour of the day, and by the day of the week: offices send by day.
    private static readonly double[] Hours = Cumulated([1, 1, 1, 1, 1, 2, 3, 5, 8, 10, 10, 9, 8, 9, 10, 9, 8, 7, 5, 4, 4, 3, 2, 2]);
    private static readonly double[] Weekdays = [1, 1, 1, 1, 1, 0.35, 0.35];

    private readonly List<(double Time, int Number, int Process, string Text)> _lines = [];
    private readonly List<SimulatedHost> _hosts = [];
    private readonly HashSet<IPAddress> _taken = [];
    private readonly List<(string Id, int Session, string Sender, int Size, IReadOnlyList<string> Names,
        ScoredTransaction Transaction)> _wire = [];
    private int _process = random.From(1_000, 30_000);
    private int _sessions;

    public double End { get; } = scenario.Days * Day;

    public People People { get; } = new(random, scenario.Users, scenario.FormerUsers);

    /// <summary>A new host.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="network">The network that it is in: the beginning of its address with a dot or colon at its end; null for any.</param>
    /// <param name="name">The name that its address has; null for what is usual.</param>
    public SimulatedHost Host(string kind, string? network = null, string? name = null)
    {
        var isGuesser = kind.StartsWith("g-", StringComparison.Ordinal);
        IPAddress address;
        do
            address = IPAddress.Parse(network is null ? AnyAddress(random.Chance(isGuesser ? 0.03 : 0.06)) : AddressIn(network));
        while (!_taken.Add(address));

        // Bots sit behind dial-up lines, many without a name; what is a mail server has one.
        name ??= random.Chance(isGuesser ? 0.45 : 0.05) ? ""
            : isGuesser ? $"dyn-{address.ToString().Replace('.', '-').Replace(':', '-')}.pool.isp.example"
                : $"mx{random.From(1, 9)}.{People.Letters()}.example";
        var literal = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[IPv6:{Written(address)}]"
            : $"[{address}]";
        var host = new SimulatedHost(address, kind, name.Length > 0 ? $"{name} {literal}" : literal,
            random.Chance(isGuesser ? 0.15 : 0.75));
        _hosts.Add(host);
        return host;
    }

    /// <summary>A /24 with a dot behind it that nobody is in yet.</summary>
    public string Network() => $"{AnyAddress(isIPv6: false).Split('.') switch { var part => $"{part[0]}.{part[1]}.{part[2]}" }}.";

    /// <summary>A /64 with a colon behind it.</summary>
    public string NetworkV6() =>
        $"2a0{random.Draw("1", "2", "e")}:{random.From(0x100, 0xffff):x}:{random.From(0x100, 0xffff):x}:{random.From(1, 0xff):x}:";

    /// <summary>A time within business, on one day or any.</summary>
    public double Sometime(int? day = null)
    {
        var on = day ?? random.Below(scenario.Days);
        while (day is null && !random.Chance(Weekdays[on % 7]))
            on = random.Below(scenario.Days);
        var hour = Array.BinarySearch(Hours, random.Next() * Hours[^1]);
        return (on * Day) + ((hour < 0 ? ~hour : hour) * Hour) + (random.Next() * Hour);
    }

    /// <summary>How much mail there is on a day, as a share of that on a working day.</summary>
    public static double Busyness(int day) => Weekdays[day % 7];

    public int Size() => 300 + (int)random.LogNormal(9, 1.3);

    /// <summary>A host connects, makes its transactions one after the other, and hangs up.</summary>
    /// <param name="host">The host.</param>
    /// <param name="time">When.</param>
    /// <param name="envelopes">The transactions.</param>
    /// <param name="gap">How many seconds lie between two of them.</param>
    /// <param name="hold">How long the last one stays open.</param>
    /// <returns>When it was over.</returns>
    public double Talk(SimulatedHost host, double time, IReadOnlyList<Envelope> envelopes, double gap = 0.15, double hold = 0.1)
    {
        if (time >= End)
            return time;
        var (process, session, first) = (NewProcess(), ++_sessions, random.Below(3_000));
        var (protocol, daemon) =
            (host.UsesTls ? "ESMTPS" : "ESMTP", host.Relay.Contains("[IPv6:", StringComparison.Ordinal) ? "MTA-v6" : "MTA-v4");
        if (host.UsesTls)
            Log(time, process,
                $"STARTTLS=server, relay={host.Relay}, version=TLSv1.3, verify=NO, cipher=TLS_AES_256_GCM_SHA384, bits=256/256");
        time += random.From(0.05, 0.15);
        for (var i = 0; i < envelopes.Count && time < End; i++)
        {
            var envelope = envelopes[i];
            var (start, id) = (time, QueueId(time, process, first + i));
            List<ScoredRecipient> asked = [];
            List<string> right = [];
            foreach (var name in envelope.Names)
            {
                var wrong = asked.Count - right.Count;
                time += 0.002 + (envelope.Pace * random.From(0.6, 1.4)) + (wrong >= Throttle ? 1 : 0);
                var isRight = People.IsHere(name);
                asked.Add(new ScoredRecipient(Moment(time), ScoredRecipient.KeyOf(name), isRight));
                if (isRight)
                {
                    right.Add(name);
                    continue;
                }

                Log(time, process, $"{id}: <{name}@{Domain}>... User unknown");
                if (wrong + 1 == Throttle)
                    Log(time + 0.001, process, $"{id}: {host.Relay}: Possible SMTP RCPT flood, throttling.");
            }

            var size = right.Count > 0 ? envelope.Size : 0;
            time += 0.05 + (size > 0 ? random.From(0.1, 0.5) : 0) + (i == envelopes.Count - 1 ? hold : 0);
            var domain = envelope.Sender.Length > 0 ? envelope.Sender[(envelope.Sender.IndexOf('@') + 1)..] : "mailer.example";
            var message = size > 0 ? $" msgid=<{People.Letters()}@{domain}>," : "";
            Log(time, process,
                $"{id}: from=<{envelope.Sender}>, size={size}, class=0, nrcpts={right.Count},{message} "
                + $"proto={protocol}, daemon={daemon}, relay={host.Relay}");
            if (size > 0)
                Deliver(time, id, right, size);
            _wire.Add((id, session, envelope.Sender, size, envelope.Names,
                new ScoredTransaction(host.Address, Moment(start), Moment(time), size > 0, asked)));
            time += gap * random.From(0.5, 1.5);
        }

        return time;
    }

    /// <summary>A host connects and does something that is none of our business, or asks in another way.</summary>
    public void Say(double time, int sequence, Func<string, string> text)
    {
        if (time >= End)
            return;
        var process = NewProcess();
        Log(time, process, text(QueueId(time, process, sequence)));
    }

    /// <summary>The log and the truth, as they stand when all is over.</summary>
    public SimulatedLog Finish()
    {
        _lines.Sort((one, other) => one.Time != other.Time ? one.Time.CompareTo(other.Time) : one.Number.CompareTo(other.Number));
        _wire.Sort((one, other) => one.Transaction.Start != other.Transaction.Start
            ? one.Transaction.Start.CompareTo(other.Transaction.Start) : one.Session - other.Session);
        return new SimulatedLog(
            scenario,
            [.. _lines.Where(line => line.Time < End)
                .Select(line => $"{Moment(line.Time):yyyy-MM-ddTHH:mm:ss.ffffff}+00:00 mail1 sm-mta[{line.Process}]: {line.Text}")],
            _hosts,
            _wire);
    }

    private void Deliver(double time, string id, List<string> names, int size)
    {
        var process = NewProcess();
        for (var i = 0; i < names.Count; i++)
        {
            Log(time + 0.03 + (0.01 * i), process,
                $"{id}: to=<{names[i]}@{Domain}>, delay=00:00:0{random.Below(3)}, xdelay=00:00:00, "
                + $"mailer=local, pri={(30_000 * names.Count) + size}, relay=local, dsn=2.1.5, stat=Sent");
        }
    }

    private static DateTimeOffset Moment(double time) => new(Begin.AddTicks((long)(time * 1e6) * 10));

    private static double[] Cumulated(double[] shares)
    {
        for (var i = 1; i < shares.Length; i++)
            shares[i] += shares[i - 1];
        return shares;
    }

    private static string Written(IPAddress address) =>
        string.Join(':', Convert.ToHexStringLower(address.GetAddressBytes()).Chunk(4)
            .Select(part => new string(part).TrimStart('0') is { Length: > 0 } digits ? digits : "0"));

    private void Log(double time, int process, string text) => _lines.Add((time, _lines.Count, process, text));

    private int NewProcess() => _process = _process > 32_700 ? 301 : _process + random.Draw(1, 1, 1, 2, 3);

    private static string QueueId(double time, int process, int sequence)
    {
        var at = Begin.AddSeconds(time);
        int[] digits = [(at.Year - 1900) % 60, at.Month - 1, at.Day, at.Hour, at.Minute, at.Second, sequence / 60 % 60, sequence % 60];
        return string.Create(CultureInfo.InvariantCulture, $"{string.Concat(digits.Select(digit => Digits[digit]))}{process:000000}");
    }

    private string AnyAddress(bool isIPv6)
    {
        if (isIPv6)
        {
            var network = $"{random.Draw("2a01", "2a02", "2001", "2605", "2804")}:{random.From(0x100, 0xffff):x}";
            return $"{network}:{random.From(0x10, 0xffff):x}:{random.Below(0xff):x}::{random.From(1, 0xff):x}";
        }

        // Not private, nor where providers and mailing services are.
        int first;
        do
            first = random.From(5, 218);
        while (first is 10 or 100 or 127 or 169 or 172 or 192 or (>= 40 and < 48) or (>= 128 and < 168) or 198 or 203);
        return $"{first}.{random.Below(256)}.{random.Below(256)}.{random.From(1, 255)}";
    }

    private string AddressIn(string network) => network.EndsWith(':')
        ? $"{network}{random.Below(0xffff):x}:{random.Below(0xffff):x}:{random.Below(0xffff):x}:{random.From(1, 0xffff):x}"
        : $"{network}{random.From(1, 255)}";
}
