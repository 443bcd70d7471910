using System.Net;
using System.Text.Json;

namespace BlockSmtp.Scoring;

/// <summary>Who guesses and who does not: what a rule's blocks are held against.</summary>
internal sealed class Truth
{
    private readonly Dictionary<IPAddress, HostTruth> _hosts = [];
    private readonly List<(IPNetwork Network, HostTruth Host)> _networks = [];

    /// <summary>How many hosts and networks it knows.</summary>
    public int Count => _hosts.Count + _networks.Count;

    /// <summary>
    /// Reads a JSON object a line, of which <c>ip</c> (an address) and <c>guesser</c> (true or false) are needed, <c>kind</c> (a word) is
    /// taken, and whatever else is in it is
    /// passed over.
    /// </summary>
    /// <param name="text">The lines.</param>
    /// <returns>The truth.</returns>
    /// <exception cref="TruthFileException">A line is none.</exception>
    public static Truth Read(TextReader text)
    {
        var truth = new Truth();
        TruthLines.Read(text, line =>
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                var host = json.RootElement;
                var isGuesser = host.GetProperty("guesser").GetBoolean();
                truth.Add(
                    TruthLines.NetworkOf(host.GetProperty("ip").GetString()),
                    new HostTruth(isGuesser, host.TryGetProperty("kind", out var kind) && kind.GetString() is { } word ? word
                        : KindOf(isGuesser)));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new FormatException("it is no JSON object such as {\"ip\":\"192.0.2.1\",\"kind\":\"provider\",\"guesser\":false}");
            }
        });
        return truth;
    }

    /// <summary>
    /// Reads labels that somebody has written by hand: an address or a network and <c>guesser</c> or <c>innocent</c> a line, and if wished
    /// a word for its kind; what is behind
    /// a # is a comment. An address goes before the networks that it is in, and a smaller network before a larger one.
    /// </summary>
    /// <param name="text">The lines.</param>
    /// <returns>The truth.</returns>
    /// <exception cref="TruthFileException">A line is none.</exception>
    public static Truth ReadLabels(TextReader text)
    {
        var truth = new Truth();
        TruthLines.Read(text, line =>
        {
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                return;
            bool? isGuesser = words is [_, "guesser" or "innocent", ..] ? words[1] == "guesser" : null;
            if (isGuesser is null || words.Length > 3)
                throw new FormatException("it is not an address and guesser or innocent, as in 192.0.2.1 guesser");
            truth.Add(TruthLines.NetworkOf(words[0]),
                new HostTruth(isGuesser.Value, words.Length > 2 ? words[2] : KindOf(isGuesser.Value)));
        });
        truth._networks.Sort((one, other) => other.Network.PrefixLength - one.Network.PrefixLength);
        return truth;
    }

    /// <summary>Adds a host or a network; what is added later goes before what was known of it.</summary>
    /// <param name="network">Who.</param>
    /// <param name="host">What it is.</param>
    public void Add(IPNetwork network, HostTruth host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (NetworkText.IsHost(network))
            _hosts[network.BaseAddress] = host;
        else
            _networks.Insert(0, (network, host));
    }

    /// <summary>What is known of a host.</summary>
    /// <param name="address">Its address.</param>
    /// <returns>Null when nobody has said what it is.</returns>
    public HostTruth? Find(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (_hosts.TryGetValue(address, out var host))
            return host;
        foreach (var (network, its) in _networks)
        {
            if (network.Contains(address))
                return its;
        }

        return null;
    }

    private static string KindOf(bool isGuesser) => isGuesser ? "guesser" : "innocent";
}
