using System.Globalization;

namespace BlockSmtp.Benchmarks;

/// <summary>Arguments of the form <c>--name=value</c> or <c>--name</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    public Arguments(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            var parts = word.Split('=', 2);
            if (!parts[0].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException($"'{word}' is not of the form --name=value");
            _values[parts[0][2..]] = parts.Length == 2 ? parts[1] : "";
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string Text(string name, string? otherwise = null) =>
        _values.GetValueOrDefault(name) ?? otherwise ?? throw new ArgumentException($"--{name}=… is missing");

    public T Number<T>(string name, T otherwise)
        where T : IParsable<T> =>
        _values.TryGetValue(name, out var text) ? T.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
