using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlockSmtp.Addresses;

namespace BlockSmtp;

/// <summary>
/// The trusted networks, which are never blocked. Immutable; looking up costs the same however many networks there are.
/// </summary>
/// <remarks>
/// In a white-list file each line is a network such as <c>192.0.2.0/24</c>, <c>2001:db8::/32</c> or a single address. Host bits
/// may be set. <c>192.0.2.7 until 2026-12-31</c> counts to the end of that day, UTC. What follows a <c>#</c> and blank lines are skipped.
/// </remarks>
public sealed class WhiteList
{
    private readonly PrefixTable _ipv4 = new(32);
    private readonly PrefixTable _ipv6 = new(128);

    private readonly string _name = "";
    private readonly Dictionary<IPNetwork, int> _lines = [];

    // Beside what was read from a file.
    private readonly Dictionary<IPNetwork, string> _more = [];

    // Of a list on which something ends, all of it.
    private readonly IReadOnlyList<(IPNetwork Network, DateTimeOffset? End)> _ending = [];

    /// <summary>Makes a list of networks. Of IPv4-mapped IPv6 networks the IPv4 part is taken.</summary>
    /// <param name="networks">The networks; one that occurs twice counts once.</param>
    public WhiteList(IEnumerable<IPNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        foreach (var network in networks)
            Add(NetworkText.Unmap(network));
    }

    private WhiteList(IReadOnlyList<(IPNetwork Network, DateTimeOffset? End)> networks, string name, Dictionary<IPNetwork, int> lines)
        : this(networks.Select(entry => entry.Network))
    {
        (_name, _lines, NextEnd) = (name, lines, networks.Min(entry => entry.End));
        if (NextEnd is not null)
            _ending = networks;
    }

    private WhiteList(WhiteList list, Dictionary<IPNetwork, string> more)
    {
        (_ipv4, _ipv6) = (new PrefixTable(list._ipv4), new PrefixTable(list._ipv6));
        (_name, _lines, _ending, NextEnd, _more) = (list._name, list._lines, list._ending, list.NextEnd, more);
        foreach (var network in more.Keys)
            Add(network);
    }

    /// <summary>The list that trusts nobody.</summary>
    public static WhiteList Empty { get; } = new([]);

    /// <summary>How many different networks are on the list.</summary>
    public int Count => _ipv4.Count + _ipv6.Count;

    /// <summary>When the next of its networks is trusted no more, UTC; null when all of them are for good.</summary>
    public DateTimeOffset? NextEnd { get; }

    /// <summary>The list as it is at a time: without what is trusted no more.</summary>
    /// <param name="time">The time.</param>
    /// <returns>The same list when nothing has ended.</returns>
    public WhiteList At(DateTimeOffset time)
    {
        if (NextEnd is not { } end || time < end)
            return this;
        var left = _ending.Where(entry => entry.End is not { } over || time < over).ToArray();
        var list = new WhiteList(left, _name, _lines);
        return _more.Count == 0 ? list : new WhiteList(list, _more);
    }

    /// <summary>The list with some more networks, such as those that names stand for.</summary>
    /// <param name="more">The networks, each with what <see cref="PlaceOf"/> is to say of it. Of IPv4-mapped IPv6 networks
    /// the IPv4 part is taken.</param>
    /// <returns>A list of both.</returns>
    public WhiteList With(IEnumerable<KeyValuePair<IPNetwork, string>> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var all = new Dictionary<IPNetwork, string>(_more);
        foreach (var (network, place) in more)
            all.TryAdd(NetworkText.Unmap(network), place);
        return new WhiteList(this, all);
    }

    /// <summary>Reads a white-list file.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <returns>The list.</returns>
    /// <exception cref="WhiteListException">A line is not a network address.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static WhiteList Load(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        return Parse(reader, path);
    }

    /// <summary>Reads a white-list file, and trusts some more networks besides.</summary>
    internal static WhiteList Load(string path, IEnumerable<IPNetwork> besides)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        return Parse(reader, path, besides);
    }

    /// <summary>Reads a white-list.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">What to call it in an error.</param>
    /// <returns>The list.</returns>
    /// <exception cref="WhiteListException">A line is not a network address.</exception>
    public static WhiteList Parse(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Parse(reader, name, []);
    }

    private static WhiteList Parse(TextReader reader, string name, IEnumerable<IPNetwork> besides)
    {
        List<(IPNetwork Network, DateTimeOffset? End)> networks = [.. besides.Select(network => (network, (DateTimeOffset?)null))];
        Dictionary<IPNetwork, int> lines = [];
        List<(int Line, string Text)> mistakes = [];
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            var text = (line.IndexOf('#', StringComparison.Ordinal) is >= 0 and var comment ? line[..comment] : line).Trim();
            if (text.Length == 0)
                continue;
            if (!TryParse(text, out var network, out var end))
            {
                mistakes.Add((number, text));
                continue;
            }

            networks.Add((network, end));
            lines.TryAdd(NetworkText.Unmap(network), number);
        }

        if (mistakes.Count > 0)
            throw new WhiteListException(name, mistakes);
        return new WhiteList(networks, name, lines);
    }

    private static bool TryParse(string text, out IPNetwork network, out DateTimeOffset? end)
    {
        end = null;
        if (NetworkText.TryParse(text, out network))
            return true;
        if (text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is not [var first, "until", var date]
            || !NetworkText.TryParse(first, out network)
            || !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                || day == DateOnly.MaxValue)
            return false;
        end = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        return true;
    }

    /// <summary>Finds the narrowest trusted network that a host is in.</summary>
    /// <param name="host">The host.</param>
    /// <param name="network">The network.</param>
    /// <returns>False when the host is in none.</returns>
    public bool TryFind(IPAddress host, out IPNetwork network)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.IsIPv4MappedToIPv6)
            host = host.MapToIPv4();
        var table = host.AddressFamily == AddressFamily.InterNetwork ? _ipv4 : _ipv6;
        if (table.Find(PrefixTable.BitsOf(host)) is not { } length)
        {
            network = default;
            return false;
        }

        network = NetworkText.Masked(host, length);
        return true;
    }

    /// <summary>Finds a trusted network that a network is in, or one that is in it.</summary>
    internal bool TryFindPart(IPNetwork network, out IPNetwork trusted)
    {
        if (TryFind(network.BaseAddress, out trusted) && trusted.PrefixLength <= network.PrefixLength)
            return true;
        var table = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? _ipv4 : _ipv6;
        if (table.FindWithin(PrefixTable.BitsOf(network.BaseAddress), network.PrefixLength) is not { } part)
            return false;
        trusted = new IPNetwork(AddressOf(part.Address, network.BaseAddress.AddressFamily), part.Length);
        return true;
    }

    private static IPAddress AddressOf(UInt128 bits, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new IPAddress(family == AddressFamily.InterNetwork ? bytes[12..] : bytes);
    }

    /// <summary>Where a network of the list comes from.</summary>
    /// <param name="network">A network that the list has.</param>
    /// <returns>The file and the first line that names it, as <c>FILE:LINE</c>, or what <see cref="With"/> was told; null
    /// where nobody has said so.</returns>
    public string? PlaceOf(IPNetwork network) =>
        _lines.TryGetValue(network, out var line)
            ? string.Create(CultureInfo.InvariantCulture, $"{_name}:{line}")
            : _more.GetValueOrDefault(network);

    private void Add(IPNetwork network)
    {
        var table = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? _ipv4 : _ipv6;
        table.Add(PrefixTable.BitsOf(network.BaseAddress), network.PrefixLength);
    }
}
