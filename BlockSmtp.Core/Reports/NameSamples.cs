namespace BlockSmtp.Reports;

/// <summary>
/// A few of the names that hosts tried. Bounded: when there are too many hosts, the half that guessed less loses its names.
/// </summary>
internal sealed class NameSamples
{
    private const int MostHosts = 16_384;
    private const int MostNames = 6;

    private readonly Dictionary<HostTally, List<string>> _names = [];

    public void Add(HostTally host, string name)
    {
        if (!_names.TryGetValue(host, out var names))
        {
            if (_names.Count >= MostHosts)
                Thin();
            _names[host] = names = [];
        }

        if (names.Count < MostNames && !names.Contains(name))
            names.Add(name);
    }

    public IReadOnlyList<string> Of(HostTally host) => _names.GetValueOrDefault(host) ?? [];

    private void Thin()
    {
        foreach (var host in _names.Keys.OrderBy(host => host.Offenses).Take(MostHosts / 2).ToArray())
            _names.Remove(host);
    }
}
